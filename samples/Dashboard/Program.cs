using System.Diagnostics;
using System.Reflection;

// Aspire's dashboard, by itself and for whoever is on this machine: spans come in on the ports that exporters send to by default.
var directory = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "DashboardDirectory").Value!;
var start = new ProcessStartInfo(Path.Join(directory, OperatingSystem.IsWindows() ? "Aspire.Dashboard.exe" : "Aspire.Dashboard")) { UseShellExecute = false };
start.Environment["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
foreach (var (variable, address) in (ReadOnlySpan<(string, string)>)
[
    ("ASPNETCORE_URLS", "http://localhost:18888"),
    ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:4317"),
    ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://localhost:4318"),
])
{
    start.Environment[variable] = Environment.GetEnvironmentVariable(variable) ?? address;
}

// Ctrl+C reaches the dashboard too, and this waits until it has ended.
Console.CancelKeyPress += static (_, e) => e.Cancel = true;
using var dashboard = Process.Start(start)!;
await dashboard.WaitForExitAsync();
return dashboard.ExitCode;
