namespace RolloutTrace.Stores.Tests;

public class StoreAddressTests
{
    [Theory]
    [InlineData("s3://b", "s3://b", null, null)]
    [InlineData("s3://b/p/q/", "s3://b/p/q", null, null)]
    [InlineData("s3://b/p/2026-02-02", "s3://b/p", "2026-02-02", null)]
    [InlineData("s3://b/2026-02-02/x.rollout.tar.zst", "s3://b", null, "2026-02-02/x.rollout.tar.zst")]
    [InlineData("s3://b/p/x.rollout.tar.zst", "s3://b/p", null, "x.rollout.tar.zst")]
    [InlineData("nats://h:1/B", "nats://h:1/B", null, null)]
    [InlineData("nats://h:1/B/2026-02-02/x.rollout.tar.zst", "nats://h:1/B", null, "2026-02-02/x.rollout.tar.zst")]
    [InlineData("nats://h:1,nats://g:2/B/2026-02-02", "nats://h:1,nats://g:2/B", "2026-02-02", null)]
    [InlineData("nats://h:1", "nats://h:1", null, null)]
    public void An_address_means_a_store_a_day_of_it_or_one_object(string address, string store, string? day, string? key) =>
        StoreAddress.Parse(address).ShouldBe(new StoreAddress(store, day, key));

    [Theory]
    [InlineData("gs://bucket")]
    [InlineData("s3://")]
    [InlineData("s3://B")]
    [InlineData("nats://")]
    [InlineData("nats://h:1")]
    [InlineData("nats://h:1/a.b")]
    [InlineData("nats://h:x/B")]
    public void What_is_no_store_is_refused(string url) => Should.Throw<StoreException>(() => RolloutStore.Open(url)).Message.ShouldContain("give ");

    [Fact]
    public void A_password_is_not_said()
    {
        RolloutStore.Open("nats://someone:secret@h:1/B").Url.ShouldBe("nats://h:1/B");
        Should.Throw<StoreException>(() => RolloutStore.Open("nats://someone:secret@h:1/B.C")).Message.ShouldNotContain("secret");
        Should.Throw<StoreException>(() => RolloutStore.Open("nats://someone:secret@h:x/B")).Message.ShouldNotContain("secret");
    }
}
