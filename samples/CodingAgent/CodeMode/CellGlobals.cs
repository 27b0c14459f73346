namespace CodingAgent.CodeMode;

/// <summary>What a cell's code finds in its scope. Names are as models know them from code mode.</summary>
public sealed class CellGlobals
{
    private readonly RunningCell cell;

    internal CellGlobals(RunningCell cell, CellTools tools, string workspace)
    {
        this.cell = cell;
        this.tools = tools;
        this.workspace = workspace;
    }

    /// <summary>The agent's tools.</summary>
    public CellTools tools { get; }

    /// <summary>The directory in which commands run.</summary>
    public string workspace { get; }

    /// <summary>Cancelled when the cell is terminated. Code that waits or loops gives it on, or looks at it.</summary>
    public CancellationToken cancelled => cell.Cancelled;

    /// <summary>Adds to what the model sees.</summary>
    public void text(object? value) => cell.Write(value?.ToString() ?? "null");

    /// <summary>Gives the model what there is, and goes on in the background.</summary>
    public void yield_control() => cell.YieldNow();
}
