using System.Text;

namespace RolloutTrace.Cli;

/// <summary>Passes messages on without what a terminal would obey: ids, paths and errors in them can be a stranger's.</summary>
internal sealed class MessageWriter : TextWriter
{
    private readonly TextWriter inner;

    public MessageWriter(TextWriter inner)
    {
        this.inner = inner;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => inner.Write(TerminalText.Lines(value ?? ""));

    public override void WriteLine(string? value)
    {
        Write(value);
        Write('\n');
    }

    public override void Flush() => inner.Flush();
}
