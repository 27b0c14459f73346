using RolloutTrace.Spans;

namespace RolloutTrace.Tests;

public sealed class IdClaimsTests
{
    private readonly IdClaims claims = new();

    [Fact]
    public void An_id_without_an_owner_is_taken_once()
    {
        claims.TryClaim("1").ShouldBeTrue();
        claims.TryClaim("2").ShouldBeTrue();
        claims.TryClaim("1").ShouldBeFalse();
    }

    [Fact]
    public void An_owner_may_take_its_id_again_and_another_may_not()
    {
        claims.TryClaim("1", "a").ShouldBeTrue();
        claims.TryClaim("1", "b").ShouldBeFalse();
        claims.TryClaim("1", "a").ShouldBeTrue();
    }

    [Fact]
    public void Of_very_many_ids_the_oldest_are_forgotten()
    {
        for (var id = 0; id <= 8192; id++)
        {
            claims.TryClaim(id.ToString()).ShouldBeTrue();
        }

        claims.TryClaim("8192").ShouldBeFalse();
        claims.TryClaim("1").ShouldBeFalse();
        claims.TryClaim("0").ShouldBeTrue();
    }
}
