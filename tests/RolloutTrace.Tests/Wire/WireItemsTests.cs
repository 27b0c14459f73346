using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class WireItemsTests
{
    [Fact]
    public void Items_of_a_list_stand_in_its_order()
    {
        var items = new WireItems();

        Dialects.ReadList(
            JsonElement.Parse("""[{"type":"compaction","encrypted_content":"a"},7,{"type":"hologram"},{"type":"function_call","call_id":"c"},{"type":"reasoning"},{"type":"message","role":"tool"}]"""),
            Dialects.Default,
            items);

        WirePrinter.Print(items).Split('\n').Where(static line => line is [not ' ', ..]).Select(static line => line.Split(' ')[0])
            .ShouldBe(["CompactionSummary", "Unknown", "Unknown", "FunctionCall", "Reasoning", "Message"]);
    }

    [Fact]
    public void What_was_read_before_leaves_nothing_behind()
    {
        var items = new WireItems();
        Read("""{"type":"agent_message","author":"a","recipient":"b","content":[{"type":"audio"},{"type":"input_text","text":"t"}]}""");
        Read("""{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}""");
        Read("""{"type":"message","role":"user","phase":"summary","content":[]}""");

        Read("""{"type":"additional_tools"}""");

        WirePrinter.Print(items).ShouldBe("ToolDefinitions\n");

        void Read(string entry)
        {
            items.Clear();
            Dialects.Read(JsonElement.Parse(entry), Dialects.Default, items);
        }
    }

    [Fact]
    public void There_is_no_item_behind_the_last()
    {
        var items = new WireItems();
        Dialects.Read(JsonElement.Parse("""{"type":"additional_tools"}"""), Dialects.Default, items);

        Should.Throw<ArgumentOutOfRangeException>(() => items[1]);
        Should.Throw<ArgumentOutOfRangeException>(() => items[-1]);
        items.Clear();
        Should.Throw<ArgumentOutOfRangeException>(() => items[0]);
    }
}
