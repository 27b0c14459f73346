namespace RolloutTrace.Import;

/// <summary>The kinds of <see cref="ImportDiagnostic"/>.</summary>
public static class ImportCodes
{
    /// <summary>A file or directory cannot be read: it is missing, closed to the reader, damaged, or no file at all.</summary>
    public const string FileUnreadable = "file_unreadable";

    /// <summary>No importer knows what a file begins with.</summary>
    public const string FormatUnknown = "format_unknown";

    /// <summary>A file of a format that is known holds no rollout.</summary>
    public const string NothingFound = "nothing_found";

    /// <summary>Spans are of kinds that no rollout has, such as those of retrievers and embeddings, and were not recorded.</summary>
    public const string SpansNotRecorded = "spans_not_recorded";

    /// <summary>A line is torn, too long, or no JSON.</summary>
    public const string LineUnreadable = "line_unreadable";

    /// <summary>A line is of a type, or an item of a kind, that is not known; it is kept as a breadcrumb.</summary>
    public const string LineUnknown = "line_unknown";

    /// <summary>A line has the id of another, and other content; both were imported.</summary>
    public const string LineRepeated = "line_repeated";

    /// <summary>Something that the input refers to is not there; what is there was imported.</summary>
    public const string ReferenceMissing = "reference_missing";

    /// <summary>A rollout was imported from another file already.</summary>
    public const string RolloutRepeated = "rollout_repeated";

    /// <summary>A record of a rollout does not fit, and is passed over.</summary>
    public const string RecordRejected = "record_rejected";

    /// <summary>Not all records of a rollout came; what there is was imported, and the manifest says what is missing.</summary>
    public const string RecordsMissing = "records_missing";

    /// <summary>A bundle cannot be written.</summary>
    public const string BundleUnwritable = "bundle_unwritable";
}
