using System.Text.Json.Serialization;

namespace RolloutTrace.Recorder.Recording;

/// <summary>The contract of a plain string.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
