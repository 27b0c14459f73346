using System.Reflection;
using System.Reflection.Emit;

namespace RolloutTrace.Reducer.Tests;

/// <summary>
/// The reducer's folders are namespaces and stand in layers. Code names types of its own namespace and of those below it: in
/// members, bases, attributes and bodies of methods.
/// </summary>
public class LayersTests
{
    private const string Root = "RolloutTrace.Reducer";

    // From the bottom. The public types of the root are the words that all of them speak; the dispatcher, in the root too, is on top.
    private static readonly string[] Layers =
    [
        $"{Root}.Replay",
        $"{Root}.Reading",
        $"{Root}.Conversation",
        $"{Root}.Agents",
        $"{Root}.Runtime",
    ];

    // What may use layers without being one: nothing in a layer knows it.
    private static readonly string[] OnTop = [$"{Root}.RolloutReplay", $"{Root}.RolloutReducer"];

    private static readonly OpCode[] OpCodes = [.. typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!)];

    [Fact]
    public void A_layer_knows_only_what_is_below_it()
    {
        var back = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in typeof(RolloutReducer).Assembly.GetTypes())
        {
            var layer = Array.IndexOf(Layers, type.Namespace);
            foreach (var used in layer < 0 ? [] : UsedBy(type))
            {
                if (Array.IndexOf(Layers, used.Namespace) > layer || IsOnTop(used))
                {
                    back.Add($"{type.FullName} -> {used.FullName}");
                }
            }
        }

        back.ShouldBeEmpty();
    }

    /// <summary>The check sees references in all the places that code can have them: it is no good if it finds nothing.</summary>
    [Theory]
    [InlineData(typeof(RolloutReplay), "RolloutTrace.Reducer.Reading.Lenient")]
    [InlineData(typeof(RolloutReplay), "RolloutTrace.Reducer.Replay.ReplayState")]
    [InlineData(typeof(Reducer.Runtime.ToolCallLinks), "RolloutTrace.Reducer.Conversation.IItemObserver")]
    [InlineData(typeof(Reducer.Conversation.Conversations), "RolloutTrace.Reducer.Replay.Journal")]
    [InlineData(typeof(Reducer.Conversation.RefuseRewrites), "RolloutTrace.Reducer.Replay.ReductionFault")]
    [InlineData(typeof(Reducer.Agents.AgentEdges), "RolloutTrace.Reducer.Replay.JournaledTable`2")]
    public void The_check_sees_bases_members_type_arguments_and_calls(Type type, string used) =>
        UsedBy(type).Select(t => t.FullName).ShouldContain(used);

    private static bool IsOnTop(Type type) => OnTop.Contains(Outermost(type).FullName);

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private static HashSet<Type> UsedBy(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        Array.ForEach(type.GetInterfaces(), t => Add(used, t));
        foreach (var attribute in type.GetCustomAttributesData().Concat(type.GetMembers(All).SelectMany(m => m.GetCustomAttributesData())))
        {
            Add(used, attribute.AttributeType);
        }

        foreach (var field in type.GetFields(All))
        {
            Add(used, field.FieldType);
        }

        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            Add(used, (method as MethodInfo)?.ReturnType);
            Array.ForEach(method.GetParameters(), p => Add(used, p.ParameterType));
            AddBody(used, method);
        }

        return used;
    }

    private static void AddBody(HashSet<Type> used, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            Add(used, local.LocalType);
        }

        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in Tokens(body.GetILAsByteArray()!))
        {
            switch (method.Module.ResolveMember(token, typeArguments, methodArguments))
            {
                case Type t:
                    Add(used, t);
                    break;
                case MethodBase m:
                    Add(used, m.DeclaringType);
                    Add(used, (m as MethodInfo)?.ReturnType);
                    Array.ForEach(m.IsGenericMethod ? m.GetGenericArguments() : [], t => Add(used, t));
                    break;
                case FieldInfo f:
                    Add(used, f.DeclaringType);
                    Add(used, f.FieldType);
                    break;
            }
        }
    }

    // The tokens of members and types in a method's code.
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            var op = OpCodes.Single(o => o.Value == value);
            at += op.Size;
            switch (op.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(code, at);
                    at += 4;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(code, at));
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }

    private static void Add(HashSet<Type> used, Type? type)
    {
        while (type?.HasElementType == true)
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (type.IsGenericType)
        {
            Array.ForEach(type.GetGenericArguments(), argument => Add(used, argument));
        }

        used.Add(definition);
    }
}
