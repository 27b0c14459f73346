using System.Reflection;
using System.Text;

namespace RolloutTrace.TestSupport;

/// <summary>Prints an assembly's public surface as text, in a stable order, for an approved file.</summary>
public static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            Print(type, text);
        }

        return text.ToString();
    }

    private static void Print(Type type, StringBuilder text)
    {
        text.Append(Modifiers(type)).Append(FullName(type));
        var bases = Bases(type);
        if (bases.Count > 0)
        {
            text.Append(" : ").AppendJoin(", ", bases);
        }

        text.Append('\n');
        foreach (var line in type.IsEnum ? EnumMembers(type) : Members(type))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        text.Append('\n');
    }

    private static string Modifiers(Type type) => type switch
    {
        { IsEnum: true } => "enum ",
        { IsInterface: true } => "interface ",
        { IsValueType: true } => "struct ",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate ",
        { IsAbstract: true, IsSealed: true } => "static class ",
        { IsAbstract: true } => "abstract class ",
        { IsSealed: true } => "sealed class ",
        _ => "class ",
    };

    private static List<string> Bases(Type type)
    {
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases.Add(Name(parent));
        }

        // What a base or another interface brings along is not said again.
        var own = type.GetInterfaces().Where(i => i.IsVisible).Except(type.BaseType?.GetInterfaces() ?? []).ToList();
        bases.AddRange(own.Except(own.SelectMany(i => i.GetInterfaces())).Select(Name).Order(StringComparer.Ordinal));
        return type.IsEnum ? [] : bases;
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue())}");

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared)
        .Where(m => m.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null)
        .Select(Describe)
        .OfType<string>()
        .Order(StringComparer.Ordinal);

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo c when IsVisible(c) => $"ctor({Parameters(c)})",
        MethodInfo m when IsVisible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && !IsOverride(m) =>
            $"{Static(m)}{Name(m.ReturnType, Nullability.Create(m.ReturnParameter))} {m.Name}{Generic(m)}({Parameters(m)})",
        // A generated JSON context has one for each type that it serialises.
        PropertyInfo { PropertyType: { IsGenericType: true, Name: "JsonTypeInfo`1" } } => null,
        PropertyInfo p when p.GetAccessors(nonPublic: true).Any(a => IsVisible(a) && !IsOverride(a)) =>
            $"{Static(p.GetAccessors(nonPublic: true)[0])}{Required(p)}{Name(p.PropertyType, Nullability.Create(p))} {p.Name} {{ {Accessors(p)}}}",
        FieldInfo { IsPublic: true, IsLiteral: true } f => $"const {Name(f.FieldType)} {f.Name} = {Literal(f.GetRawConstantValue())}",
        FieldInfo { IsPublic: true } f => $"{(f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}",
        EventInfo e when IsVisible(e.AddMethod!) => $"event {Name(e.EventHandlerType!)} {e.Name}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "";

    private static string Required(PropertyInfo property) =>
        property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is null ? "" : "required ";

    private static string Accessors(PropertyInfo property)
    {
        var text = property.GetMethod is { } get && IsVisible(get) ? "get; " : "";
        if (property.SetMethod is { } set && IsVisible(set))
        {
            var isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
            text += isInit ? "init; " : "set; ";
        }

        return text;
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        var prefix = p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "";
        var type = p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType;
        var byDefault = p.HasDefaultValue ? $" = {Literal(p.RawDefaultValue)}" : "";
        return $"{prefix}{Name(type, Nullability.Create(p))} {p.Name}{byDefault}";
    }));

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        var name = Name(type);
        return !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!) + "&";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (!type.IsGenericType)
        {
            return type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : Keyword(type) ?? type.Name;
        }

        var name = type.Name.Contains('`') ? type.Name[..type.Name.IndexOf('`')] : type.Name;
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    private static string FullName(Type type) => $"{type.Namespace}.{Name(type)}";

    private static string? Keyword(Type type) =>
        type == typeof(void) ? "void"
        : type == typeof(string) ? "string"
        : type == typeof(object) ? "object"
        : type == typeof(bool) ? "bool"
        : type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type == typeof(byte) ? "byte"
        : null;
}
