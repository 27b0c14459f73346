using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>Puts what is odd about a line, from which an event could be read all the same, before <see cref="Tolerance"/>.</summary>
internal static class LineDefects
{
    /// <summary>Returns if replay goes on with the event.</summary>
    /// <exception cref="Replay.ReductionFault">It does not.</exception>
    public static void Accept(Tolerance tolerance, RawEventLine line, RawEvent raw)
    {
        if (line.Defect is { } refusal)
        {
            // Refuses as the format's reader does; where replay goes on, the repairs say more.
            var isUnknownType = line.Repairs.Any(static repair => repair.Kind == LineDefectKind.UnknownType);
            tolerance.Overlook(DefectOf(DiagnosticSeverity.Warning, DiagnosticCodes.LineRepaired, refusal.Text, cause: null) with
            {
                FaultCode = isUnknownType ? DiagnosticCodes.UnsupportedEvent : DiagnosticCodes.UnreadableEvent,
            });
        }

        foreach (var repair in line.Repairs)
        {
            var defect = DefectOf(SeverityOf(repair.Kind), CodeOf(repair.Kind), repair.Text, repair.Cause) with
            {
                Kept = repair.Kind == LineDefectKind.UnknownType ? "its payloads are kept as evidence" : null,
            };
            if (repair.Kind == LineDefectKind.MemberIgnored)
            {
                tolerance.Mention(defect);
            }
            else if (repair.Kind == LineDefectKind.ByteOrderMark)
            {
                tolerance.Overlook(defect);
            }
            else
            {
                tolerance.Accept(defect);
            }
        }

        if (raw.SchemaVersion != BundleLayout.SchemaVersion)
        {
            tolerance.Mention(DefectOf(
                DiagnosticSeverity.Warning,
                DiagnosticCodes.LaterVersion,
                $"an event is of schema version {raw.SchemaVersion}, and is read as of {BundleLayout.SchemaVersion}",
                $"schema version {raw.SchemaVersion}"));
        }

        foreach (var reference in raw.Payload.PayloadReferences)
        {
            if (reference.Kind == PayloadKind.Unknown)
            {
                tolerance.Accept(DefectOf(
                    DiagnosticSeverity.Information,
                    DiagnosticCodes.WordUnknown,
                    $"payload {reference.RawPayloadId} is of the kind '{reference.KindName}', which is not known",
                    $"payload kind {reference.KindName}"));
            }
        }
    }

    /// <summary>Mentions, before the first line, that the bundle says it is of a later version of the format.</summary>
    public static void MentionVersion(Tolerance tolerance, BundleManifest manifest)
    {
        if (manifest.SchemaVersion != BundleLayout.SchemaVersion)
        {
            tolerance.Mention(DefectOf(
                DiagnosticSeverity.Warning,
                DiagnosticCodes.LaterVersion,
                $"the manifest is of schema version {manifest.SchemaVersion}, and the bundle is read as of {BundleLayout.SchemaVersion}",
                cause: null));
        }
    }

    private static Defect DefectOf(DiagnosticSeverity severity, string code, string what, string? cause) => new()
    {
        Severity = severity,
        Code = code,
        FaultCode = DiagnosticCodes.UnreadableEvent,
        What = what,
        Cause = cause,
    };

    private static DiagnosticSeverity SeverityOf(LineDefectKind kind) =>
        kind is LineDefectKind.MemberIgnored or LineDefectKind.UnknownType ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning;

    private static string CodeOf(LineDefectKind kind) => kind switch
    {
        LineDefectKind.MemberIgnored => DiagnosticCodes.MemberIgnored,
        LineDefectKind.TextMended => DiagnosticCodes.TextMended,
        LineDefectKind.UnknownType => DiagnosticCodes.UnsupportedEvent,
        LineDefectKind.OtherName or LineDefectKind.UnknownWord or LineDefectKind.MissingMember => DiagnosticCodes.WordUnknown,
        _ => DiagnosticCodes.LineRepaired,
    };
}
