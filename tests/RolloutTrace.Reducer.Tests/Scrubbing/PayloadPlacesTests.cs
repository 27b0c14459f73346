using System.Runtime.CompilerServices;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Scrubbing;

namespace RolloutTrace.Reducer.Tests.Scrubbing;

public sealed class PayloadPlacesTests
{
    private static readonly Type[] Events =
        [.. typeof(RawEventPayload).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RawEventPayload)) && !type.IsAbstract)];

    [Fact]
    public void EveryEventThatNamesPayloads_HasItsPlace()
    {
        var withPayloads = Events.Where(NamesPayloads).ToList();

        withPayloads.Count.ShouldBeGreaterThan(10);
        withPayloads.Where(type => PayloadPlaces.PlaceOf(Instance(type)) is null).Select(type => type.Name).ShouldBeEmpty();
    }

    [Fact]
    public void AnEventThatNamesNone_HasNone() =>
        Events.Where(type => !NamesPayloads(type) && PayloadPlaces.PlaceOf(Instance(type)) is not null).Select(type => type.Name).ShouldBeEmpty();

    private static bool NamesPayloads(Type type) => type.GetProperty(nameof(RawEventPayload.PayloadReferences))!.DeclaringType == type;

    // Only its type is looked at.
    private static RawEventPayload Instance(Type type) => (RawEventPayload)RuntimeHelpers.GetUninitializedObject(type);
}
