using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>findings</c> of <c>anomalies</c>, why each kind matters, and the <c>diagnostics</c> of the reduction.</summary>
internal static class FindingsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        var findings = RolloutAnomalies.Find(scope.Rollout);
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("subject", finding.Subject);
            json.Text("message", scope.Content(finding.Message));
            json.Evidence(finding.Evidence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("why_it_matters");
        foreach (var code in findings.Select(static finding => finding.Code).Distinct(StringComparer.Ordinal))
        {
            json.WriteString(code, AnomalyCodes.WhyItMatters(code));
        }

        json.WriteEndObject();
        json.WriteStartArray("diagnostics");
        foreach (var diagnostic in scope.Rollout.Diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("severity", WireName.Of(diagnostic.Severity));
            json.WriteString("code", diagnostic.Code);
            json.Text("message", scope.Content(diagnostic.Message));
            json.Number("seq", diagnostic.Seq);
            json.WriteNumber("line", diagnostic.Line);
            json.Number("count", diagnostic.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
