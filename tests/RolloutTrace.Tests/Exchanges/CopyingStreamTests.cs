using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using RolloutTrace.Exchanges;

namespace RolloutTrace.Tests.Exchanges;

public sealed class CopyingStreamTests
{
    [Fact]
    public async Task What_has_arrived_is_read_at_once_though_more_is_to_come()
    {
        var pipe = new Pipe();
        var copy = new ArrayBufferWriter<byte>();
        await using var stream = new CopyingStream(pipe.Reader.AsStream(), bytes => copy.Write(bytes.Span));
        var buffer = new byte[100];

        await pipe.Writer.WriteAsync("first"u8.ToArray());
        var first = await stream.ReadAsync(buffer);
        var second = stream.ReadAsync(buffer);

        Encoding.UTF8.GetString(buffer, 0, first).ShouldBe("first");
        Encoding.UTF8.GetString(copy.WrittenSpan).ShouldBe("first");
        second.IsCompleted.ShouldBeFalse();
        await pipe.Writer.WriteAsync("second"u8.ToArray());
        (await second).ShouldBe("second".Length);
        await pipe.Writer.CompleteAsync();
        (await stream.ReadAsync(buffer)).ShouldBe(0);
        Encoding.UTF8.GetString(copy.WrittenSpan).ShouldBe("firstsecond");
    }
}
