using System.Buffers;
using System.Text;

namespace RolloutTrace.Payloads;

/// <summary>UTF-8 that refuses lone surrogates instead of replacing them: a replaced character would be changed evidence.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="EncoderFallbackException">The text has a lone surrogate.</exception>
    public static void GetBytes(string text, IBufferWriter<byte> output) => Encoding.GetBytes(text, output);
}
