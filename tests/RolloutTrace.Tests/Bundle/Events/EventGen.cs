using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle.Events;

/// <summary>Makes events of a type with any values in their members, found by reflection so that no member can be forgotten.</summary>
internal static class EventGen
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Gen<string> Text = Gen.Elements(
        "", "a", "call_1", "two words", "\"quoted\\", "line\r\nend\t\0", "ä", "\u2028<&>", "😀", new string('x', 300));

    private static readonly Gen<PayloadReference> Reference =
        from number in Gen.Choose(1, 1000)
        from kind in Gen.Elements(Enum.GetValues<PayloadKind>())
        select PayloadReference.ForNumber(number, kind);

    public static Gen<RawEventPayload> Of(Type type) => Record(type).Select(value => (RawEventPayload)value);

    private static Gen<object> Record(Type type)
    {
        var members = type.GetProperties().Where(p => p.CanWrite && p.GetCustomAttribute<JsonIgnoreAttribute>() is null).ToArray();
        return members.Aggregate(
            Gen.Constant(0).Select(_ => Activator.CreateInstance(type)!),
            (made, member) =>
                from record in made
                from value in Member(member)
                select With(record, member, value));
    }

    // Each sample is one record, made anew and then filled.
    private static object With(object record, PropertyInfo member, object? value)
    {
        member.SetValue(record, value);
        return record;
    }

    private static Gen<object?> Member(PropertyInfo member)
    {
        bool isNullable;
        lock (Nullability)
        {
            isNullable = Nullability.Create(member).WriteState == NullabilityState.Nullable;
        }

        var value = Value(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType).Select(object? (v) => v);
        return isNullable ? Gen.Frequency((3, value), (1, Gen.Constant<object?>(null))) : value;
    }

    private static Gen<object> Value(Type type) =>
        type == typeof(string) ? Text.Select(object (v) => v)
        : type == typeof(long) ? Gen.Choose(-5, int.MaxValue).Select(object (v) => (long)v)
        : type == typeof(PayloadReference) ? Reference.Select(object (v) => v)
        : type == typeof(IReadOnlyList<PayloadReference>) ? Reference.ListOf().Select(object (v) => v.ToList())
        : type == typeof(JsonElement) ? Gen.Elements("{}", "[1,null]", "\"ß\"").Select(object (v) => JsonElement.Parse(v))
        : type == typeof(ToolCallKind) ? Kind().Select(object (v) => v)
        : type.IsEnum ? Gen.Elements(Enum.GetValues(type).Cast<object>())
        : type.IsAbstract ? Gen.Elements(type.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType)).SelectMany(Record)
        : throw new InvalidOperationException($"no values are made of {type}");

    private static Gen<ToolCallKind> Kind() =>
        from type in Gen.Elements(Enum.GetValues<ToolCallKindType>())
        from first in Text
        from second in Text
        select type switch
        {
            ToolCallKindType.Mcp => ToolCallKind.ForMcp(first, second),
            ToolCallKindType.Other => ToolCallKind.ForOther(first),
            _ => ToolCallKind.Of(type),
        };
}
