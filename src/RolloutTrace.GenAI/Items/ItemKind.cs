namespace RolloutTrace.GenAI.Items;

/// <summary>The kinds of items that messages stand for.</summary>
internal enum ItemKind
{
    Message,
    Call,
    Output,
    Reasoning,
}
