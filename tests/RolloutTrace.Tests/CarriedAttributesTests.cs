using System.Text;
using System.Text.Json;

namespace RolloutTrace.Tests;

public class CarriedAttributesTests
{
    [Fact]
    public void They_stand_in_the_order_in_which_they_were_set()
    {
        var attributes = CarriedAttributes.Add(CarriedAttributes.Add(CarriedAttributes.Add(null, "a", "x"), "b", 2), "c", new[] { "y", "z" });

        attributes.Select(a => a.Key).ShouldBe(["a", "b", "c"]);
        Written(attributes).ShouldBe("""{"a":"x","b":2,"c":["y","z"]}""");
    }

    [Fact]
    public void One_that_is_set_again_takes_the_place_of_the_earlier_one_and_leaves_what_was_handed_over_alone()
    {
        var before = CarriedAttributes.Add(CarriedAttributes.Add(null, "a", "x"), "b", "y");

        Written(CarriedAttributes.Add(before, "a", "z")).ShouldBe("""{"b":"y","a":"z"}""");
        Written(before).ShouldBe("""{"a":"x","b":"y"}""");
    }

    [Fact]
    public void As_json_they_are_what_was_written() =>
        JsonSerializer.Serialize(CarriedAttributes.Add(CarriedAttributes.Add(null, "a", "\n"), "b", new[] { "y" }).ToJson()).ShouldBe("""{"a":"\n","b":["y"]}""");

    private static string Written(CarriedAttributes attributes)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            attributes.WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
