namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>
/// Items of a played history. Each is made once, with a number of its own and a choice, and then written for each request, with that
/// request's number: much of what says the same is written otherwise each time.
/// </summary>
internal static class PlayedItems
{
    /// <summary>What a strict reduction takes: calls and outputs have ids of their own, and nothing refers to its payload twice.</summary>
    public static Func<int, int, Func<int, string>>[] Sound { get; } =
    [
        static (n, w) => _ => Message($"no {n}"),
        static (n, w) => _ => Message($"w{w % 3}"),
        static (n, w) => r => $$$$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"w{{{{w % 2}}}}"}],"id":"item_{{{{r}}}}_{{{{n}}}}"}""",
        static (n, w) => r => $$$$"""{"id":"item_{{{{r}}}}","type":"message","role":"user","content":[{"type":"input_text","text":"no {{{{n}}}}","id":"nested"}]}""",
        static (n, w) => r => $$$$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"no {{{{n}}}}"}],"created_at":{{{{1000 + r}}}},"status":"completed"}""",
        static (n, w) => r => $$$$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"at {{{{w % 2}}}}"}],"created_at":{{{{r}}}}.5}""",
        static (n, w) => r => r % 2 == 0 ? Message($"s{w % 2}") : $$$$"""{ "type" : "message", "role" : "user", "content" : [ { "type" : "input_text", "text" : "s{{{{w % 2}}}}" } ] }""",
        static (n, w) => r => r % 2 == 0 ? Message($"e {n}") : $$$$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"\u0065 {{{{n}}}}"}]}""",
        static (n, w) => r => r % 2 == 0 ? Message($"o{n}") : $$$$"""{"role":"user","content":[{"text":"o{{{{n}}}}","type":"input_text"}],"type":"message"}""",
        static (n, w) => r => $$$$"""{"type":"message","role":"system","role":"user","id":"a","content":[{"type":"input_text","text":"twice {{{{w % 2}}}}"}],"id":"b{{{{r}}}}"}""",
        static (n, w) => r => $$$$"""{"type":"message","role":"user","\u0069d":"{{{{r}}}}","id":"say \"{{{{r}}}}\"","content":[{"type":"input_text","text":"quoted {{{{n}}}}"}]}""",
        static (n, w) => r => $$$$"""{"type":"function_call","id":"fc_{{{{r}}}}","name":"f","arguments":"{\"id\":\"{{{{n}}}}\",\"x\":1}","call_id":"c{{{{n}}}}"}""",
        static (n, w) => r => $$$$"""{"type":"function_call_output","call_id":"c{{{{n}}}}","output":"done {{{{w % 2}}}}","status":"{{{{(r % 2 == 0 ? "completed" : "in_progress")}}}}"}""",
        static (n, w) => _ => $$$$"""{"type":"function_call_output","call_id":"c{{{{n}}}}","output":{"x":1.0,"y":[{{{{n}}}}]}}""",
        static (n, w) => _ => $$$$"""{"type":"custom_tool_call","name":"exec","input":"text({{{{w % 2}}}})","call_id":"c{{{{n}}}}"}""",
        static (n, w) => r => $$$$"""{"type":"reasoning","id":"rs_{{{{r}}}}","encrypted_content":"blob{{{{w % 3}}}}","summary":[]}""",
        static (n, w) => _ => $$$$"""{"type":"reasoning","encrypted_content":"blob{{{{w % 3}}}}","summary":[{"type":"summary_text","text":"s{{{{w % 2}}}}"}],"content":[{"type":"text","text":"t"}]}""",
        static (n, w) => _ => $$$$"""{"type":"reasoning","summary":[{"type":"summary_text","text":"s{{{{w % 2}}}}"}]}""",
        static (n, w) => _ => """{"type":"additional_tools","tools":[]}""",
        static (n, w) => r => $$$$"""{"type":"web_search_call","id":"ws_{{{{r}}}}","action":{"query":"q{{{{w % 2}}}}","n":{{{{(r % 2 == 0 ? "1" : "1.0")}}}}}}""",
        static (n, w) => _ => $$$$"""{"type":"web_search_call","id":"ws","action":{"query":"q{{{{w % 2}}}}"}}""",
        static (n, w) => r => $$$$"""{"type":"agent_message","author":"/root","recipient":"/root/a","content":[{"type":"input_text","text":"m{{{{w % 2}}}}"}],"id":"{{{{r}}}}"}""",
        static (n, w) => r => $$$$"""{"type":"compaction","encrypted_content":"sum{{{{w % 2}}}}","id":"cmp_{{{{r}}}}"}""",
        static (n, w) => _ => """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:x"}]}""",
    ];

    /// <summary>What agents in the field send, and what only damage makes.</summary>
    public static Func<int, int, Func<int, string>>[] All { get; } =
    [
        .. Sound,
        static (n, w) => r => $$$$"""{"type":"function_call","id":"fc_{{{{r}}}}","name":"f","arguments":"{{{{w % 2}}}}","call_id":"c{{{{w % 5}}}}"}""",
        static (n, w) => _ => $$$$"""{"type":"function_call_output","call_id":"c{{{{w % 5}}}}","output":"o{{{{w % 2}}}}"}""",
        static (n, w) => _ => $$$$"""{"type":"function_call_output","call_id":"c{{{{w % 5}}}}","output":[{"type":"input_image"}]}""",
        static (n, w) => r => $$$$"""{"type":"local_shell_call","id":"ls_{{{{r}}}}","call_id":"c{{{{n}}}}","status":"{{{{r % 2}}}}","action":{"command":["ls"]}}""",
        static (n, w) => r => $$$$"""{"type":"custom_tool_call","id":"{{{{r}}}}","name":"exec","input":{"x":{{{{w % 2}}}}},"call_id":"c{{{{n}}}}"}""",
        static (n, w) => r => $$$$"""{"type":"new_kind","id":"{{{{r}}}}","x":{{{{w % 2}}}}}""",
        static (n, w) => _ => $$$$"""{"type":"message","role":"oracle","id":"{{{{n}}}}","content":[{"type":"input_text","text":"w"}]}""",
        static (n, w) => r => $$$$"""{"type":"reasoning","id":"rs_{{{{r}}}}","summary":[]}""",
        static (n, w) => r => $$$$"""{"role":"user","content":"short {{{{w % 2}}}}","id":"{{{{r}}}}"}""",
        static (n, w) => _ => $$$$"""{"role":"assistant","content":"both","tool_calls":[{"id":"c{{{{n}}}}","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"d{{{{n}}}}","type":"function","function":{"name":"g","arguments":"{}"}}]}""",
        static (n, w) => _ => $$$$"""{"role":"assistant","content":"same","tool_calls":[{"id":"s","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"s","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        static (n, w) => _ => $$$$"""{"role":"tool","tool_call_id":"c{{{{n}}}}","content":"{{{{w % 2}}}}"}""",
        static (n, w) => _ => """{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]}""",
        static (n, w) => _ => $$$$"""{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"r":{{{{w % 2}}}}}}}]}""",
        static (n, w) => r => $$$$"""{"type":"message","role":"assistant","id":"{{{{r}}}}","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"c{{{{n}}}}","name":"f","input":{}}]}""",
        static (n, w) => _ => $$$$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"c{{{{n}}}}","content":"{{{{w % 2}}}}"}]}""",
        static (n, w) => _ => "\"a text\"",
        static (n, w) => _ => $"{n % 3}",
        static (n, w) => _ => """{"type":"message","role":"user","content":[{"type":"input_text","text":"x","id":"nested"}]}""",
    ];

    private static string Message(string text) => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""";
}
