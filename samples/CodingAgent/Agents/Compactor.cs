using CodingAgent.Model;
using CodingAgent.Narration;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Agents;

/// <summary>Makes a short history of a long one: what the user said, and the model's own summary of the rest.</summary>
internal static class Compactor
{
    public static async Task<IReadOnlyList<ResponseItem>> SummariseAsync(
        AgentTeam team, string path, IReadOnlyList<ResponseItem> history, Compaction compaction, AgentVoice voice, CancellationToken cancellation)
    {
        var question = new ModelQuestion(
            _ =>
            {
                var request = team.NewRequest(path);
                foreach (var item in history.Append(ResponseItem.CreateUserMessageItem(Prompts.Compact)))
                {
                    request.InputItems.Add(item);
                }

                return request;
            },
            (_, json) => compaction.StartRequest(json));
        var response = await team.Model.AskAsync(question, new QuietListener(voice), cancellation);
        return [.. history.Where(IsUsers), ResponseItem.CreateUserMessageItem(Prompts.SummaryPrefix + response.Text)];
    }

    private static bool IsUsers(ResponseItem item) =>
        item is MessageResponseItem { Role: MessageRole.User } message && !message.Content.Any(c => c.Text?.StartsWith(Prompts.SummaryPrefix, StringComparison.Ordinal) == true);

    /// <summary>A summary is for the next model, not for people.</summary>
    private sealed class QuietListener(AgentVoice voice) : IModelListener
    {
        public void TextArrived(string delta)
        {
        }

        public void ItemArrived(ResponseItem item)
        {
        }

        public void Retrying(Exception exception, TimeSpan delay) => voice.Retrying(exception, delay);
    }
}
