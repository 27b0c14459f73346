namespace RolloutTrace.Reducer.Redaction;

/// <summary>A shape by which a secret is known without anybody's help.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Signs">Texts of which one stands in every text that has such a secret, whatever its case.</param>
/// <param name="Pattern">Its pattern. What the group <c>secret</c> holds is the secret; without that group, the whole match.</param>
internal sealed record KnownShape(string Name, string[] Signs, string Pattern);
