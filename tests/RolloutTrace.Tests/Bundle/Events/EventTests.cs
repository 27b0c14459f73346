using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Bundle.Events;

/// <summary>What every event type must have, so that one that was forgotten somewhere fails here.</summary>
public class EventTests
{
    private static readonly JsonWriterOptions LineFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Type[] Types =
        [.. typeof(RawEventPayload).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RawEventPayload)) && !t.IsAbstract)];

    private static readonly Dictionary<Type, string> Names = typeof(RawEventPayload)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    public static TheoryData<Type> EventTypes => [.. Types];

    [Fact]
    public void Event_types_are_sealed_and_each_has_a_name_of_its_own()
    {
        Types.ShouldAllBe(t => t.IsSealed);
        Names.Keys.ShouldBe(Types, ignoreOrder: true);
        Names.Values.ShouldBeUnique();
        Types.ShouldAllBe(t => t.Name == Pascal(Names[t]) + "Event");
    }

    // Texts, numbers and enums of all kinds, with members that may be null there or not.
    [Theory]
    [MemberData(nameof(EventTypes))]
    public void What_is_written_reads_back_by_both_ways_and_is_what_the_contract_writes(Type type) =>
        Prop.ForAll(EventGen.Of(type).ToArbitrary(), payload =>
        {
            var rawEvent = new RawEvent { Seq = 1, WallTimeUnixMs = 2, RolloutId = "r", ThreadId = "t", CodexTurnId = null, Payload = payload };
            var line = Line(rawEvent.WriteTo);

            line.ShouldBe(Line(json => JsonSerializer.Serialize(json, rawEvent, BundleJsonContext.Default.RawEvent)));
            RawEvent.Parse(line).Payload.GetType().ShouldBe(type);
            Line(RawEvent.Parse(line).WriteTo).ShouldBe(line);
            new CanonicalLine().TryRead(line, out var canonical).ShouldBe(type != typeof(OtherEvent), Encoding.UTF8.GetString(line));
            if (canonical is not null)
            {
                canonical.ShouldBe(rawEvent);
            }
        }).ShouldHold(50);

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void All_payloads_that_an_event_holds_are_among_its_references_and_no_others(Type type) =>
        Prop.ForAll(EventGen.Of(type).ToArbitrary(), payload =>
        {
            var held = type.GetProperties()
                .Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                .Select(p => p.GetValue(payload))
                .SelectMany(value => value as IEnumerable<PayloadReference> ?? (value is PayloadReference one ? [one] : []))
                .ToList();

            payload.PayloadReferences.ShouldBe(held);
            payload.PayloadReferences.Zip(held).ShouldAllBe(pair => ReferenceEquals(pair.First, pair.Second));
            if (payload.NeededPayload is { } needed)
            {
                held.ShouldContain(reference => ReferenceEquals(reference, needed));
            }
        }).ShouldHold(20);

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, LineFormat))
        {
            write(json);
        }

        return stream.ToArray();
    }

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
