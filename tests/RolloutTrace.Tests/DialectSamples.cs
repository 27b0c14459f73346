namespace RolloutTrace.Tests;

/// <summary>A conversation about the weather, as each API has it: instructions, a tool, an image, a call, what it gave, and an answer with another call.</summary>
internal static class DialectSamples
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string","description":"The city, with its country where it is not the only one of its name."}}}""";

    public static IEnumerable<(string Name, string Request, string Response)> All =>
    [
        (
            "Responses",
            $$$$"""
            {"model":"m","instructions":"You are a weather bot.","tools":[{"type":"function","name":"get_weather","description":"The weather of now.","parameters":{{{{Schema}}}},"strict":true},{"type":"custom","name":"patch","format":{"type":"grammar"}}],
             "input":[{"role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
             {"type":"reasoning","summary":[{"type":"summary_text","text":"Ask the tool."}]},{"type":"function_call","call_id":"c1","name":"get_weather","arguments":"{\"city\":\"Paris\"}"},
             {"type":"function_call_output","call_id":"c1","output":"{\"degrees\":21}"},{"type":"local_shell_call","call_id":"s","action":{"command":["ls"]}},{"type":"mcp_tool_call_output","call_id":"s","output":{"content":[]}},{"type":"compaction","id":"k","encrypted_content":"x"},{"type":"new_kind","x":1}]}
            """,
            """{"id":"r","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It is warm."},{"type":"refusal","refusal":"No more."}]},{"type":"function_call","call_id":"c2","name":"get_weather","arguments":"{\"city\":\"Rome\"}"}]}"""),
        (
            "Chat Completions",
            $$$$"""
            {"model":"m","tools":[{"type":"function","function":{"name":"get_weather","description":"The weather of now.","parameters":{{{{Schema}}}}}}],
             "messages":[{"role":"system","content":"You are a weather bot."},{"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image_url","image_url":{"url":"https://x.example/i.png"}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_id":"f1"}}]},
             {"role":"assistant","content":"Let me see.","tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"{\"degrees\":21}"}]}
            """,
            """{"id":"c","choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":"It is warm.","tool_calls":[{"id":"c2","type":"function","function":{"name":"get_weather","arguments":"{}"}}]}}]}"""),
        (
            "Messages",
            $$$$"""
            {"model":"m","max_tokens":10,"system":[{"type":"text","text":"You are a weather bot."},{"type":"text","text":"Be brief."}],"tools":[{"name":"get_weather","description":"The weather of now.","input_schema":{{{{Schema}}}}},{"type":"web_search_20250305","name":"web_search"}],
             "messages":[{"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"document","source":{"type":"file","file_id":"f1"}}]},
             {"role":"assistant","content":[{"type":"thinking","thinking":"Ask the tool.","signature":"x"},{"type":"tool_use","id":"c1","name":"get_weather","input":{"city":"Paris"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"{\"degrees\":21}"}]},{"type":"text","text":"Well?"}]}]}
            """,
            """{"id":"m","type":"message","role":"assistant","stop_reason":"tool_use","content":[{"type":"text","text":"It is warm."},{"type":"tool_use","id":"c2","name":"get_weather","input":{}}]}"""),
        (
            "Gemini",
            $$$$"""
            {"systemInstruction":{"parts":[{"text":"You are a weather bot."}]},"tools":[{"functionDeclarations":[{"name":"get_weather","description":"The weather of now.","parameters":{{{{Schema}}}}}]},{"googleSearch":{}}],
             "contents":[{"role":"user","parts":[{"text":"Weather?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/f.pdf"}}]},
             {"role":"model","parts":[{"text":"Ask the tool.","thought":true},{"functionCall":{"name":"get_weather","args":{"city":"Paris"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"get_weather","response":{"degrees":21}}}]}]}
            """,
            """{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"text":"It is warm."},{"functionCall":{"name":"get_weather","args":{}}}]}}]}"""),
    ];
}
