using System.Security.Cryptography.X509Certificates;

namespace RolloutTrace.Cli;

/// <summary>Where spans are sent, and how.</summary>
internal sealed record Receiver
{
    /// <summary>The address that requests go to, with the path.</summary>
    public required Uri Address { get; init; }

    /// <summary>One of <see cref="OtlpProtocol"/>.</summary>
    public required string Protocol { get; init; }

    /// <summary>What every request says besides, such as a key. Secret.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether requests are compressed.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>The only authorities that the receiver's certificate may come from; null for those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>What shows the receiver who sends; null for nothing.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    public bool IsGrpc => Protocol == OtlpProtocol.Grpc;

    /// <summary>The address for people: without what may be secret in it.</summary>
    public string Name => NameOf(Address);

    /// <summary>The same for people who look for a port: without the path.</summary>
    public string Server => Address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    public static string NameOf(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
