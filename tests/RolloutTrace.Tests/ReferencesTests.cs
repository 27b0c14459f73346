using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace RolloutTrace.Tests;

/// <summary>
/// Assemblies form a star: everything points at the core, which points at nothing, and what runs online and what runs offline
/// never point at each other.
/// </summary>
public sealed class ReferencesTests
{
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Star = new(StringComparer.Ordinal)
    {
        ["RolloutTrace"] = ([], []),
        ["RolloutTrace.Agents.AI"] = (["RolloutTrace.Extensions.AI"], ["Microsoft.Agents.AI"]),
        ["RolloutTrace.ClientModel"] = (["RolloutTrace"], ["System.ClientModel"]),
        ["RolloutTrace.Extensions.AI"] = (["RolloutTrace"], ["Microsoft.Extensions.AI"]),
        ["RolloutTrace.Recorder"] = (["RolloutTrace", "RolloutTrace.GenAI"], ["OpenTelemetry"]),
        ["RolloutTrace.GenAI"] = (["RolloutTrace"], []),
        ["RolloutTrace.Reducer"] = (["RolloutTrace"], []),
        ["RolloutTrace.Analysis"] = (["RolloutTrace", "RolloutTrace.Reducer"], []),
        ["RolloutTrace.Collecting"] = (["RolloutTrace", "RolloutTrace.Packing"], []),
        ["RolloutTrace.Import"] = (["RolloutTrace", "RolloutTrace.Collecting", "RolloutTrace.GenAI"], ["ZstdSharp.Port"]),
        ["RolloutTrace.Joining"] = (["RolloutTrace"], []),
        ["RolloutTrace.Packing"] = (["RolloutTrace"], ["System.IO.Hashing", "ZstdSharp.Port"]),
        ["RolloutTrace.Receiver"] = (["RolloutTrace", "RolloutTrace.Collecting", "RolloutTrace.GenAI", "RolloutTrace.Import", "RolloutTrace.Packing", "RolloutTrace.Stores"], []),
        ["RolloutTrace.Replay"] = (["RolloutTrace", "RolloutTrace.Reducer", "RolloutTrace.Analysis", "RolloutTrace.Packing"], ["Microsoft.Extensions.AI.Abstractions"]),
        ["RolloutTrace.Lake"] = (["RolloutTrace", "RolloutTrace.Reducer", "RolloutTrace.Analysis"], ["Parquet.Net"]),
        ["RolloutTrace.Query"] = (["RolloutTrace.Lake"], ["DuckDB.NET.Data.Full", "Spectre.Console"]),
        ["RolloutTrace.Stores"] = (["RolloutTrace"], ["AWSSDK.S3", "NATS.Net"]),
        ["RolloutTrace.Fleet"] = (["RolloutTrace", "RolloutTrace.Reducer", "RolloutTrace.Analysis", "RolloutTrace.Packing", "RolloutTrace.Lake", "RolloutTrace.Stores"], []),
        ["RolloutTrace.Viewer"] = (["RolloutTrace", "RolloutTrace.Reducer", "RolloutTrace.Analysis"], []),
        ["RolloutTrace.Cli"] = (["RolloutTrace", "RolloutTrace.Reducer", "RolloutTrace.Analysis", "RolloutTrace.Fleet", "RolloutTrace.Import", "RolloutTrace.Joining", "RolloutTrace.Lake", "RolloutTrace.Packing", "RolloutTrace.Receiver", "RolloutTrace.Replay", "RolloutTrace.Stores", "RolloutTrace.Viewer"], ["DiffPlex", "ModelContextProtocol.Core", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Spectre.Console", "System.CommandLine", "Wcwidth"]),
    };

    [Fact]
    public void References_form_a_star()
    {
        foreach (var file in Directory.EnumerateFiles(SourceDirectory(), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Star.ShouldContainKey(name, "a new assembly needs its place in the star");
            var project = XDocument.Load(file);
            var projects = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(Include(r)));
            var packages = project.Descendants("PackageReference").Where(r => r.Attribute("PrivateAssets")?.Value != "all").Select(Include);

            projects.ShouldBeSubsetOf(Star[name].Projects, $"project references of {name}");
            packages.ShouldBeSubsetOf(Star[name].Packages, $"package references of {name}");
        }
    }

    [Fact]
    public void The_core_needs_the_base_class_library_alone()
    {
        foreach (var reference in typeof(RolloutTracing).Assembly.GetReferencedAssemblies())
        {
            reference.Name.ShouldStartWith("System.");
        }
    }

    private static string Include(XElement reference) => reference.Attribute("Include")!.Value;

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(file), "../../src"));
}
