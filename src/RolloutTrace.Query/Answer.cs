using System.Data;
using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RolloutTrace.Query;

/// <summary>Writes the rows of an answer.</summary>
internal static class Answer
{
    private const int WidthElsewhere = 100_000;

    /// <summary>Writes them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="format">How.</param>
    /// <param name="output">Where to.</param>
    /// <param name="width">The terminal's width; 0 where there is none.</param>
    public static void Write(IDataReader rows, AnswerFormat format, TextWriter output, int width)
    {
        switch (format)
        {
            case AnswerFormat.Csv:
                WriteCsv(rows, output);
                break;
            case AnswerFormat.Json:
                WriteJson(rows, output);
                break;
            default:
                WriteTable(rows, output, width);
                break;
        }
    }

    private static void WriteCsv(IDataReader rows, TextWriter output)
    {
        output.Write($"{string.Join(',', Enumerable.Range(0, rows.FieldCount).Select(i => Field(rows.GetName(i))))}\r\n");
        while (rows.Read())
        {
            output.Write($"{string.Join(',', Enumerable.Range(0, rows.FieldCount).Select(i => Field(Text(rows, i) ?? "")))}\r\n");
        }
    }

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void WriteJson(IDataReader rows, TextWriter output)
    {
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        output.Write('[');
        for (var row = 0; rows.Read(); row++)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer, options))
            {
                json.WriteStartObject();
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    json.WritePropertyName(rows.GetName(i));
                    WriteValue(json, ValueOf(rows, i));
                }

                json.WriteEndObject();
            }

            output.Write(row == 0 ? "\n" : ",\n");
            output.Write(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        }

        output.Write("\n]\n");
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger or decimal:
                json.WriteRawValue(Text(value));
                break;
            case float or double when double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteRawValue(Text(value));
                break;
            case System.Collections.IDictionary map:
                json.WriteStartObject();
                foreach (System.Collections.DictionaryEntry entry in map)
                {
                    json.WritePropertyName(Text(entry.Key));
                    WriteValue(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case System.Collections.IEnumerable list when value is not string:
                json.WriteStartArray();
                foreach (var element in list)
                {
                    WriteValue(json, element);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    private static void WriteTable(IDataReader rows, TextWriter output, int width)
    {
        var table = new Table { Border = TableBorder.Simple };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = width > 0 ? width : WidthElsewhere;
        for (var i = 0; i < rows.FieldCount; i++)
        {
            var column = new TableColumn(new Text(rows.GetName(i)));
            table.AddColumn(IsNumber(rows.GetFieldType(i)) ? column.RightAligned() : column);
        }

        var count = 0;
        for (; rows.Read(); count++)
        {
            table.AddRow(Enumerable.Range(0, rows.FieldCount).Select(i => (IRenderable)new Text(Clean(Text(rows, i) ?? "∅"))));
        }

        console.Write(table);
        output.WriteLine(count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} rows"));
    }

    // What was recorded is never a terminal's business, and a row is a line.
    private static string Clean(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = from[i] is '\n' or '\r' or '\t' ? ' ' : char.IsControl(from[i]) ? '\ufffd' : from[i];
        }
    });

    private static bool IsNumber(Type type) => type.IsPrimitive && type != typeof(bool) || type == typeof(decimal) || type == typeof(BigInteger);

    private static string? Text(IDataReader rows, int column) => ValueOf(rows, column) is { } value ? Text(value) : null;

    // A list with a null in it is read as one of values that may be null.
    private static object? ValueOf(IDataReader rows, int column)
    {
        if (rows.IsDBNull(column))
        {
            return null;
        }

        try
        {
            return rows.GetValue(column);
        }
        catch (InvalidCastException) when (rows.GetFieldType(column) is { IsGenericType: true } list && list.GenericTypeArguments is [{ IsValueType: true } element])
        {
            var nullable = typeof(List<>).MakeGenericType(typeof(Nullable<>).MakeGenericType(element));
            return typeof(System.Data.Common.DbDataReader).GetMethod(nameof(System.Data.Common.DbDataReader.GetFieldValue))!.MakeGenericMethod(nullable).Invoke(rows, [column]);
        }
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(static element => element is null ? "∅" : Text(element)))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
