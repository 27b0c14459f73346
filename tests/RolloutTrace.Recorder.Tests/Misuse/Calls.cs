using System.Reflection;

namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>Calls one member with every wrong value of every parameter, each time on a new handle and on the same when it has ended.</summary>
internal sealed class Calls(MethodBase member, Stage stage, WrongArguments arguments)
{
    /// <summary>What came out of the member, and with which value.</summary>
    public List<string> Thrown { get; } = [];

    public int Count { get; private set; }

    /// <summary>How many rollouts the calls have started.</summary>
    public int Rollouts { get; private set; }

    public void Run()
    {
        var parameters = member.GetParameters();
        Call("soundly", Sound(member, arguments));
        for (var i = 0; i < parameters.Length; i++)
        {
            foreach (var wrong in IsSpan(parameters[i]) ? arguments.Of(typeof(string[])) : arguments.Of(Type(parameters[i])))
            {
                var values = Sound(member, arguments);
                values[i] = wrong;
                Call($"with {parameters[i].Name} {Text(wrong)}", values);
            }
        }
    }

    /// <summary>Sound values for all parameters.</summary>
    public static object?[] Sound(MethodBase member, WrongArguments arguments) =>
        Array.ConvertAll(member.GetParameters(), p => SoundValue(p, arguments));

    /// <summary>What the member threw, if it did. What it gave is ended.</summary>
    public static Exception? Invoke(MethodBase member, object? target, object?[] values)
    {
        try
        {
            // Reflection cannot pass a span.
            var result = member is { Name: nameof(ToolCall.StartCommand) }
                ? ((ToolCall)target!).StartCommand((string[]?)values[0], (string)values[1]!, (CommandOptions)(values[2] ?? default(CommandOptions)))
                : member is ConstructorInfo constructor ? constructor.Invoke(values) : member.Invoke(target, values);
            if (!member.IsSpecialName)
            {
                (result as IDisposable)?.Dispose();
            }

            return null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void Call(string how, object?[] values)
    {
        var type = member.ReflectedType!;
        var target = member.IsStatic || member is ConstructorInfo ? null
            : type.IsSubclassOf(typeof(RolloutHandle)) ? stage.New(type)
            : arguments.Sound(type) ?? arguments.Of(type).First(v => v is not null);
        Note(how, target, values);
        if (target is RolloutHandle handle)
        {
            handle.Dispose();
            Note($"after its end {how}", target, values);
        }

        Count++;
        using var witness = stage.Turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""), new() { RequestId = $"witness-{Count}" });
        witness.Complete("r", new TokenUsage(1, 1), JsonPayload.OfJson("[]"));
    }

    private void Note(string how, object? target, object?[] values)
    {
        Rollouts += member.Name is nameof(RolloutTracing.StartSession) or nameof(RolloutTracing.ResumeSession) ? 1 : 0;
        if (Invoke(member, target, values) is { } exception)
        {
            Thrown.Add($"{how}: {exception}");
        }
    }

    private static object? SoundValue(ParameterInfo parameter, WrongArguments arguments)
    {
        if (IsSpan(parameter))
        {
            return new[] { "make" };
        }

        var type = Type(parameter);
        return parameter.HasDefaultValue && (parameter.DefaultValue is not null || !type.IsValueType) ? parameter.DefaultValue
            : type == typeof(string) ? "x"
            : type == typeof(JsonPayload) && parameter.Name is "outputItems" or "partialOutputItems" or "inputHistory" or "replacementHistory" ? JsonPayload.OfJson("[]")
            : arguments.Sound(PublicMembers.Plain(type));
    }

    private static Type Type(ParameterInfo parameter) => parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;

    private static bool IsSpan(ParameterInfo parameter) => parameter.ParameterType == typeof(ReadOnlySpan<string>);

    private static string Text(object? value)
    {
        var text = value switch { null => "null", string words => words, _ => value.GetType().Name };
        return text.Length > 80 ? text[..80] : text;
    }
}
