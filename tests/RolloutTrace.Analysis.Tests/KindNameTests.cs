using System.Text.Json;

namespace RolloutTrace.Analysis.Tests;

public sealed class KindNameTests
{
    [Fact]
    public void A_name_is_the_word_that_the_value_has_in_json()
    {
        Enum.GetValues<OutlineKind>().ShouldAllBe(value => KindName.Of(value) == Snake(value));
        Enum.GetValues<CacheMissCause>().ShouldAllBe(value => KindName.Of(value) == Snake(value));
        Enum.GetValues<ContextOriginKind>().ShouldAllBe(value => KindName.Of(value) == Snake(value));
        Enum.GetValues<RolloutStanding>().ShouldAllBe(value => KindName.Of(value) == Snake(value));
        Enum.GetValues<RolloutSpanLinkKind>().ShouldAllBe(value => KindName.Of(value) == Snake(value));
    }

    private static string Snake(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
