using Microsoft.Extensions.AI;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests.SameRun;

/// <summary>A run: what the user says in each turn, who there is, and what the models answer.</summary>
/// <param name="Says">What the user says, turn by turn.</param>
/// <param name="Helpers">The agents that the planner has as tools: the tool's name and the agent's.</param>
/// <param name="Script">What a model answers to the system's words and the messages that it sees.</param>
internal sealed record Scene(string[] Says, (string Tool, string Agent)[] Helpers, Func<IReadOnlyList<string>, Answer> Script)
{
    public static Scene Named(string name) => name switch
    {
        "plain" => Alone(["And?"], _ => Answer.Says("It is sunny.")),
        "several turns" => Alone(["And?", "Oslo?", "Thanks"], seen => seen[^1] switch
        {
            "user: And?" => Answer.Says("Where?"),
            "user: Oslo?" => Weather("call_1", "Oslo"),
            "user: Thanks" => Answer.Says("Bye."),
            _ => Answer.Says("It is sunny there."),
        }),
        "parallel tools" => Alone(["And?"], seen => seen[^1] == "user: And?"
            ? Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "weather", """{"city":"Rome"}"""))
            : Answer.Says("It is sunny.")),
        "failing tool" => Alone(["And?"], seen => seen[^1] == "user: And?"
            ? Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "broken", """{"city":"Rome"}"""))
            : Answer.Says("It is sunny in Oslo.")),
        "failing request" => Alone(["And?"], seen => seen[^1] == "user: And?" ? Weather("call_1", "Oslo") : Answer.Fails(400)),
        "sub-agent" => new Scene(["And?", "Thanks"], [("researcher", "researcher")], seen => seen[^1] switch
        {
            "user: Look it up" => Weather("call_2", "Oslo"),
            "user: And?" => Asks("researcher", "call_1", "Look it up"),
            "user: Thanks" => Answer.Says("Bye."),
            _ when seen[0] == "system: You are researcher." => Answer.Says("Sunny it is."),
            _ => Answer.Says("They say that it is sunny."),
        }),
        "sub-agents of one name" => new Scene(["And?", "Again"], [("north", "expert"), ("south", "expert")], seen => seen[^1] switch
        {
            "user: And?" => Asks("north", "call_1", "Look north"),
            "user: Again" => Asks("south", "call_2", "Look south"),
            _ when seen[0] == "system: You are expert." => Answer.Says("Sunny."),
            _ => Answer.Says("They say that it is sunny."),
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such scene"),
    };

    private static Scene Alone(string[] says, Func<IReadOnlyList<string>, Answer> script) => new(says, [], script);

    private static Answer Weather(string callId, string city) => Answer.Asks((callId, "weather", $$"""{"city":"{{city}}"}"""));

    private static Answer Asks(string tool, string callId, string query) => Answer.Asks((callId, tool, $$"""{"query":"{{query}}"}"""));
}
