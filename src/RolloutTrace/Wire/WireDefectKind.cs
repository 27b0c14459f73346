namespace RolloutTrace.Wire;

/// <summary>What can be wrong with what stood on the wire.</summary>
public enum WireDefectKind
{
    /// <summary>A string, or the name of a member, is not valid Unicode. What is read has U+FFFD in its place.</summary>
    InvalidText,

    /// <summary>A member that must be a string is absent, or is something else.</summary>
    MissingText,

    /// <summary>A list that must be there is absent, or is something else.</summary>
    MissingList,

    /// <summary>A member that may be absent, and is a list where it is there, is something else.</summary>
    NotAList,

    /// <summary>The item says nothing: no part, and nothing in the place of one.</summary>
    Empty,

    /// <summary>The type of an item is none that its dialect has.</summary>
    UnknownItemType,

    /// <summary>The role of a message is none that its dialect has.</summary>
    UnknownRole,

    /// <summary>The type of a part is none that its item may have.</summary>
    UnknownPartType,
}
