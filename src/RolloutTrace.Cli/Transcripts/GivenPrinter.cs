using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Prints what a request gave the model beside its items.</summary>
internal static class GivenPrinter
{
    private const int Indent = 4;
    private const int DescriptionLength = 200;

    public static void Print(RequestGiven given, Screen screen, bool isWithDefinitions)
    {
        if (given.Instructions is { } instructions)
        {
            screen.Line(new Segment("instructions", Emphasis.Title), new Segment($"  {Wording.Size(given.InstructionsBytes)}", Emphasis.Faint));
            screen.Block(instructions, Indent);
            screen.Line();
        }

        if (given.Tools.Count > 0)
        {
            screen.Line(
                new Segment(Wording.Of(given.Tools.Count, "tool"), Emphasis.Title),
                new Segment($"  {Wording.Size(given.Tools.Sum(static tool => (long)tool.Bytes))}", Emphasis.Faint));
            foreach (var tool in given.Tools)
            {
                screen.Line(
                    $"    {tool.Name ?? "(without a name)"}  {Wording.Size(tool.Bytes)}",
                    new Segment(tool.Description is null ? "" : $"  {ItemText.Preview(tool.Description, DescriptionLength)}", Emphasis.Faint));
                if (isWithDefinitions)
                {
                    screen.Block(tool.Definition, 2 * Indent);
                }
            }

            screen.Line();
        }

        if (given.Parameters.Count > 0)
        {
            screen.Line(new Segment("parameters", Emphasis.Title));
            foreach (var parameter in given.Parameters)
            {
                screen.Block($"{parameter.Name}: {parameter.Value}", Indent);
            }

            screen.Line();
        }
    }
}
