namespace CodingAgent.Model;

/// <summary>Where the model is.</summary>
/// <param name="Address">Base address of the Responses API, such as https://api.openai.com/v1.</param>
/// <param name="ApiKey">The key.</param>
/// <param name="Model">Name of the model.</param>
internal sealed record ModelEndpoint(Uri Address, string ApiKey, string Model)
{
    private static readonly Uri OpenAI = new("https://api.openai.com/v1");

    /// <summary>
    /// Whether messages between agents go out as items of type <c>agent_message</c>. Endpoints that do not know the type get
    /// them as assistant messages whose text is JSON; a reducer takes both forms.
    /// </summary>
    public bool KnowsAgentMessages { get; init; }

    /// <summary>The endpoint that the environment names; null without a key.</summary>
    public static ModelEndpoint? FromEnvironment(Func<string, string?> variable)
    {
        if (variable("OPENAI_API_KEY") is not { Length: > 0 } key)
        {
            return null;
        }

        var address = variable("OPENAI_BASE_URL") is { Length: > 0 } url ? new Uri(url) : OpenAI;
        return new ModelEndpoint(address, key, variable("OPENAI_MODEL") is { Length: > 0 } model ? model : "gpt-5");
    }
}
