using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The option <c>--content-base-uri</c>.</summary>
internal static class ContentBaseOption
{
    public static Option<Uri?> Create() => new("--content-base-uri")
    {
        Description = "Where the bundles can be had: requests lead to their payloads below it (gen_ai.input.messages_ref and its like), with or without --content. Names of bundles go out with it.",
        HelpName = "URI",
        CustomParser = static result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri))
            {
                return uri;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no absolute URI, such as https://traces.example/bundles.");
            return null;
        },
    };
}
