namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>A test that looks at a page in Chromium; where there is none it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] UsualPlaces =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    public BrowserFactAttribute() => Skip = Chromium is null ? "there is no Chromium here: CHROMIUM names none, and none is in the usual places" : null;

    /// <summary>The program; null if there is none.</summary>
    public static string? Chromium { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : UsualPlaces.FirstOrDefault(File.Exists);
}
