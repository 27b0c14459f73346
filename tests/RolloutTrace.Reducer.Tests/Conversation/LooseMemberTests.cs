using System.Text;
using System.Text.Json;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>By which member items differ although they say the same is learned, and never taken for granted.</summary>
public class LooseMemberTests
{
    private readonly LooseMember member = new();

    [Theory]
    [InlineData("""{"type":"message","role":"user","content":[],"id":"a"}""", """{"type":"message","role":"user","content":[],"id":"bcd"}""")]
    [InlineData("""{"id":"a","type":"message","role":"user","content":[]}""", """{"id":"","type":"message","role":"user","content":[]}""")]
    [InlineData("""{"type":"reasoning","encrypted_content":"x","at": 1.5}""", """{"type":"reasoning","encrypted_content":"x","at": 20}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"id":"n"}],"id":"a"}""", """{"type":"message","role":"user","content":[{"id":"n"}],"id":"b"}""")]
    public void ItemsThatDifferInAMemberThatNothingIsReadFrom_AreTheSame(string one, string other) => AreSame(one, other).ShouldBeTrue();

    [Theory]
    [InlineData("""{"type":"message","role":"user","content":[],"id":"a"}""", """{"type":"message","role":"tool","content":[],"id":"b"}""")]
    [InlineData("""{"type":"message","role":"user","phase":"summary","content":[]}""", """{"type":"message","role":"user","phase":"x","content":[]}""")]
    [InlineData("""{"type":"web_search_call","id":"a"}""", """{"type":"web_search_call","id":"b"}""")]
    [InlineData("""{"type":"unheard_of","id":"a"}""", """{"type":"unheard_of","id":"b"}""")]
    [InlineData("""{"type":"function_call","name":"f","arguments":"{}","call_id":"a"}""", """{"type":"function_call","name":"f","arguments":"{}","call_id":"b"}""")]
    [InlineData("""{"type":"message","role":"user","content":[],"id":"a"}""", """{"type":"message","role":"user","content":[],"id":"\ud83d"}""")]
    [InlineData("""{"type":"message","role":"user","content":[],"id":"a"}""", """{"type":"message","role":"user","content":[],"id":"é"}""")]
    [InlineData("""{"type":"message","role":"user","content":[],"at":1}""", """{"type":"message","role":"user","content":[],"at":01}""")]
    [InlineData("""{"type":"message","role":"user","content":[],"at":1}""", """{"type":"message","role":"user","content":[],"at":1.}""")]
    [InlineData("""{"type":"message","role":"user","content":[],"at":1}""", """{"type":"message","role":"user","content":[],"at":}""")]
    public void OthersAreReadAgain(string one, string other) => AreSame(one, other).ShouldBeFalse();

    [Fact]
    public void TheMemberInWhichItemsDiffer_IsTheOneThatIsLearned()
    {
        const string One = """{"type":"message","role":"user","content":[],"id":"a","status":"x"}""";
        const string Other = """{"type":"message","role":"user","content":[],"id":"a","status":"y"}""";
        Learn(One, before: "");
        Learn(Other, before: One);

        AreSame(One, Other).ShouldBeTrue();
    }

    private bool AreSame(string one, string other)
    {
        // What is learned from the first time that it is read helps from the second on.
        Learn(one, before: "");
        var isLoose = Learn(one, before: "");
        var key = member.Key.Of(Utf8(one), out var left);
        return key == member.Key.Of(Utf8(other), out var otherLeft) && isLoose && LooseMember.IsSameBut(Utf8(other), otherLeft, Utf8(one), left);
    }

    private bool Learn(string entry, string before)
    {
        using var document = JsonDocument.Parse(entry);
        var items = new WireItems();
        Dialects.Read(document.RootElement, Dialects.Default, items);
        member.Key.Of(Utf8(entry), out var left);
        return member.Learn(Utf8(entry), items[0], Dialects.Default, left, Utf8(before));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
