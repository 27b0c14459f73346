using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>What it is that differs.</summary>
[JsonConverter(typeof(WireEnumConverter<DifferenceSubject>))]
public enum DifferenceSubject
{
    /// <summary>Of an input: the instructions beside the items.</summary>
    Instructions,

    /// <summary>Of an input: a tool's definition.</summary>
    Tools,

    /// <summary>Of an input: a parameter of the request.</summary>
    Parameters,

    /// <summary>Of an input: an item.</summary>
    Item,

    /// <summary>Of a choice: another tool was called, or one of the two called none.</summary>
    Tool,

    /// <summary>Of a choice: the same tool was called with other arguments.</summary>
    Arguments,

    /// <summary>Of a choice: other words.</summary>
    Text,

    /// <summary>Of a choice: other readable reasoning.</summary>
    Reasoning,

    /// <summary>Of an attempt: it failed.</summary>
    Failed,

    /// <summary>Of an attempt: it was cancelled.</summary>
    Cancelled,

    /// <summary>Of an attempt: it never ended.</summary>
    Running,

    /// <summary>Of an outcome: the status.</summary>
    Status,
}
