using System.Reflection;

namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>What an observed program can call, found by reflection: the handles, and what is made to be given to them.</summary>
internal static class PublicMembers
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    // These are called by recorders, which have to expect what their contract says.
    private static readonly string[] OfRecorders = ["JsonPayload.WriteTo"];

    public static IReadOnlyList<Type> Handles { get; } =
        [.. typeof(RolloutHandle).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(RolloutHandle)) && !t.IsAbstract)];

    /// <summary>Every member by a name of its own.</summary>
    public static IReadOnlyDictionary<string, MethodBase> All { get; } = Types().SelectMany(Members)
        .GroupBy(m => $"{m.ReflectedType!.Name}.{m.Name}")
        .Where(g => !OfRecorders.Contains(g.Key))
        .SelectMany(g => g.Select((m, i) => (Name: i == 0 ? g.Key : $"{g.Key}#{i + 1}", Member: m)))
        .ToDictionary(m => m.Name, m => m.Member);

    // From the handles to the types of their parameters, and on to the types of those.
    private static IReadOnlyCollection<Type> Types()
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>([typeof(RolloutTracing), .. Handles]);
        while (open.TryDequeue(out var type))
        {
            if (type.Assembly == typeof(RolloutHandle).Assembly && !type.IsEnum && type.IsPublic && !type.IsAbstract | type == typeof(RolloutTracing) && found.Add(type))
            {
                foreach (var needed in Members(type).SelectMany(m => m.GetParameters()).Select(p => Plain(p.ParameterType)))
                {
                    open.Enqueue(needed);
                }
            }
        }

        return found;
    }

    public static Type Plain(Type type)
    {
        type = type.IsByRef ? type.GetElementType()! : type;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static IEnumerable<MethodBase> Members(Type type)
    {
        var methods = type.GetMethods(Public)
            .Where(m => m.DeclaringType!.Assembly == typeof(RolloutHandle).Assembly && m.Name is not ("op_Equality" or "op_Inequality" or "Equals" or "GetHashCode" or "PrintMembers" or "Deconstruct" or "<Clone>$"))
            .Select(m => m.IsGenericMethodDefinition ? m.MakeGenericMethod(typeof(object)) : m);

        // The setters of options are covered by their owners' wrong values; what they hold is what is looked at next.
        return [.. methods, .. type.IsSubclassOf(typeof(RolloutHandle)) ? [] : type.GetConstructors()];
    }
}
