using RolloutTrace.Arguments;

namespace RolloutTrace.Tests.Arguments;

public sealed class DerivedUuidTests
{
    [Fact]
    public void Of_KeepsTheFirst16Bytes_ButForVersion8AndItsVariant()
    {
        DerivedUuid.Of(Convert.FromHexString("00112233445566778899aabbccddeeff0102")).ShouldBe("00112233-4455-8677-8899-aabbccddeeff");
        DerivedUuid.Of(new byte[16]).ShouldBe("00000000-0000-8000-8000-000000000000");
        DerivedUuid.Of(Convert.FromHexString(new string('f', 32))).ShouldBe("ffffffff-ffff-8fff-bfff-ffffffffffff");
    }
}
