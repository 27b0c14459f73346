namespace RolloutTrace.Reducer.Redaction;

/// <summary>
/// The shapes of keys and tokens that their issuers publish, and the places where passwords stand. A shape without a prefix of its own
/// asks for a digit, so that no word is taken for a secret.
/// </summary>
internal static class KnownShapes
{
    private const string Begin = "(?<![A-Za-z0-9_-])";

    public static IReadOnlyList<KnownShape> All { get; } =
    [
        new("private_key", ["PRIVATE KEY"], @"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)"),
        new("jwt", ["eyJ"], Begin + @"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*"),
        new("sk_key", ["sk-"], Begin + "sk-(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9][A-Za-z0-9_-]{15,}"),
        new("aws_access_key", ["AKIA", "ASIA", "ABIA", "ACCA"], "(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
        new("aws_secret_key", ["aws"], @"(?i)aws[\w .-]{0,20}secret[\w .-]{0,20}[""'\\]*\s*[:=]+>?\s*[""'\\]*(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
        new("azure_key", ["AccountKey=", "SharedAccessKey="], "(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{20,}={0,2})"),
        new("google_key", ["AIza", "ya29.", "GOCSPX-"], Begin + @"(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})"),
        new("github_token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], "(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})"),
        new("gitlab_token", ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"], Begin + @"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_.-]{20,}"),
        new("slack_token", ["xox", "xapp-", "hooks.slack.com"], @"(?<![A-Za-z0-9])(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,})|hooks\.slack\.com/services/(?<secret>[A-Za-z0-9/]{20,})"),
        new("stripe_key", ["k_live_", "k_test_", "whsec_"], "(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})"),
        new("model_key", ["hf_", "gsk_", "xai-", "pplx-", "r8_", "nvapi-", "tvly-", "lsv2_"], "(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{40,}|pplx-[A-Za-z0-9]{40,}|r8_[A-Za-z0-9]{30,}|nvapi-[A-Za-z0-9_-]{40,}|tvly-[A-Za-z0-9-]{20,}|lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10})"),
        new("package_token", ["npm_", "pypi-", "oy2", "rubygems_", "dckr_", "crates"], "(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{40,}|oy2[a-z0-9]{43}|rubygems_[a-f0-9]{48}|dckr_[a-z]{2,4}_[A-Za-z0-9_-]{20,})"),
        new("cloud_token", ["dop_v1_", "doo_v1_", "dor_v1_", "dapi", "hvs.", "hvb.", "lin_api_", "ntn_", "secret_", "shpat_", "shpca_", "shppa_", "shpss_", "ATATT3", "SG.", "AGE-SECRET-KEY-"],
            @"(?<![A-Za-z0-9])(?:do[opr]_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}|hv[sb]\.[A-Za-z0-9_-]{24,}|lin_api_[A-Za-z0-9]{32,}|(?:ntn|secret)_[A-Za-z0-9]{40,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|ATATT3[A-Za-z0-9_=-]{60,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|AGE-SECRET-KEY-1[0-9A-Z]{50,})"),
        new("bearer_token", ["bearer", "basic"], @"(?i)(?<![A-Za-z0-9])(?:bearer|basic)\s+(?<secret>(?=[A-Za-z0-9+/._~-]*[0-9])[A-Za-z0-9+/._~-]{12,}={0,2})"),
        new("url_password", ["://"], @"(?i)[a-z][a-z0-9+.-]{0,20}://[^\s/?#:@""'<>\\]{0,256}:(?<secret>(?![$*{<%])[^\s/?#@""'<>\\]{1,256})@"),
        new("url_token", ["?", "&"], @"(?i)[?&](?:api_?key|key|access_token|auth_token|token|sig|signature|x-amz-signature|x-amz-security-token)=(?<secret>(?=[^&\s""'#]*[0-9])[^&\s""'#\\<>]{12,})"),
        new("assigned_secret", ["key", "token", "secret", "passw", "pwd"],
            @"(?i)(?:api_?-?key|secret_?-?key|access_?-?key|access_?-?token|auth_?-?token|client_?-?secret|refresh_?-?token|password|passwd|pwd)[""'\\]*\s*(?:[:=]|=>|:=)\s*[""'\\]*(?<secret>(?=[^\s""'\\,;<>(){}\[\]$]*[0-9])(?=[^\s""'\\,;<>(){}\[\]$]*[A-Za-z])[^\s""'\\,;<>(){}\[\]$]{8,})(?![^\s""'\\,;<>{}\[\]$]*[({\[$<])"),
    ];

    /// <summary>Names of members whose value is a secret, if it is a text.</summary>
    public static IReadOnlySet<string> Members { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "x-api-key", "api-key", "api_key", "apikey", "x-goog-api-key", "cookie", "set-cookie",
        "password", "passwd", "client_secret", "clientsecret", "secret_access_key", "secretaccesskey", "aws_secret_access_key", "aws_session_token",
        "access_token", "accesstoken", "refresh_token", "refreshtoken", "id_token", "private_key", "privatekey", "openai_api_key", "anthropic_api_key",
        "github_token", "gh_token",
    };
}
