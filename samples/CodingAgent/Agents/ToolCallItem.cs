using OpenAI.Responses;

namespace CodingAgent.Agents;

/// <summary>A tool call in a conversation, of a function or of a custom tool.</summary>
/// <param name="CallId">The model's id of the call.</param>
/// <param name="Name">Name of the tool.</param>
/// <param name="Input">The arguments of the function as JSON text, or the custom tool's input.</param>
/// <param name="IsCustom">Whether the tool is a custom one.</param>
internal sealed record ToolCallItem(string CallId, string Name, string Input, bool IsCustom)
{
    public static ToolCallItem? Of(ResponseItem item) => item switch
    {
        FunctionCallResponseItem call => new ToolCallItem(call.CallId, call.FunctionName, call.FunctionArguments.ToString(), IsCustom: false),
        CustomToolCallItem call => new ToolCallItem(call.CallId, call.ToolName, call.Input, IsCustom: true),
        _ => null,
    };

    /// <summary>The id of the call that an item answers; null if it answers none.</summary>
    public static string? AnsweredBy(ResponseItem item) => item switch
    {
        FunctionCallOutputResponseItem output => output.CallId,
        CustomToolCallOutputItem output => output.CallId,
        _ => null,
    };

    public ResponseItem Output(string text) => IsCustom
        ? ResponseItem.CreateCustomToolCallOutputItem(CallId, [ResponseContentPart.CreateInputTextPart(text)])
        : ResponseItem.CreateFunctionCallOutputItem(CallId, text);
}
