using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>Why a provider's prompt cache could not be used.</summary>
[JsonConverter(typeof(WireEnumConverter<CacheMissCause>))]
public enum CacheMissCause
{
    /// <summary>Another model or provider was asked.</summary>
    Model,

    /// <summary>The instructions differ.</summary>
    Instructions,

    /// <summary>A tool definition differs, was added or removed, or stands elsewhere.</summary>
    Tool,

    /// <summary>A parameter by which providers keep caches apart differs.</summary>
    Parameter,

    /// <summary>A compaction came between.</summary>
    Compaction,

    /// <summary>An item differs.</summary>
    Item,

    /// <summary>Nothing differs in what should have been cached, and the pause was longer than the provider keeps it.</summary>
    Expired,

    /// <summary>Nothing differs in what should have been cached, and the pause was short: the reason is the provider's.</summary>
    Unexplained,
}
