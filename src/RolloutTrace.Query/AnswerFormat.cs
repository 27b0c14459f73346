namespace RolloutTrace.Query;

/// <summary>How rows are written.</summary>
internal enum AnswerFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>As RFC 4180 has it, with a header.</summary>
    Csv,

    /// <summary>An array of one object a row.</summary>
    Json,
}
