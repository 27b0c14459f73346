using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class ObjectIdsTests
{
    [Fact]
    public void Ids_are_made_of_the_ids_that_they_come_from() => string.Join('\n',
        ObjectIds.ConversationItem(12345678901),
        ObjectIds.TerminalOperation(1),
        ObjectIds.CodeCell("call_1"),
        ObjectIds.SpawnEdge("parent", "child"),
        ObjectIds.ToolEdge("tool_1"),
        ObjectIds.AgentResultEdge("child", "turn_2", "parent")).ShouldBe(
        """
        conversation_item:12345678901
        terminal_operation:1
        code_cell:call_1
        edge:spawn:parent:child
        edge:tool:tool_1
        edge:agent_result:child:turn_2:parent
        """.ReplaceLineEndings("\n"));
}
