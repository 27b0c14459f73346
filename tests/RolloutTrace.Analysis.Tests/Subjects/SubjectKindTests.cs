using RolloutTrace.Analysis.Subjects;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Subjects;

/// <summary>Whatever a state has, can be asked about.</summary>
public sealed class SubjectKindTests
{
    // What a state has tables of. Payloads are evidence of the others.
    private static readonly Type[] ObjectTypes =
    [
        .. typeof(RolloutGraph).GetProperties()
            .Where(static member => member.PropertyType.IsGenericType && member.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            .Select(static member => member.PropertyType.GetGenericArguments()[1])
            .Where(static type => type != typeof(PayloadReference)),
    ];

    public static TheoryData<string> Cases => [.. ConformanceCase.Names.Where(static name => !ConformanceCase.Named(name).IsRefused)];

    [Fact]
    public void Each_table_of_the_state_has_a_kind() => SubjectKind.All.Select(static kind => kind.ObjectType).ShouldBe(ObjectTypes, ignoreOrder: true);

    [Fact]
    public void A_kind_has_a_class_of_its_own()
    {
        var classes = typeof(Subject).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Subject)) && !type.IsAbstract);

        classes.Select(static type => type.Name).ShouldBe(SubjectKind.All.Select(static kind => Pascal(kind.Name) + "Subject"), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Everything_in_a_state_is_found_by_its_id_and_says_what_it_is_and_where_it_is_seen(string name)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));
        var scope = new SubjectScope(rollout);
        foreach (var kind in SubjectKind.All)
        {
            foreach (var subject in kind.In(scope))
            {
                kind.Find(scope, subject.Id).ShouldNotBeNull().Kind.ShouldBe(kind);
                Explanation.Of(rollout, subject.Id).ShouldContain(found => found.Kind == kind.Name && found.Id == subject.Id);
                subject.Describe().ShouldContain(subject.Id);
                subject.Describe().ShouldNotContain('\n');
            }
        }
    }

    [Fact]
    public void The_cases_have_something_of_each_kind()
    {
        var all = ConformanceCase.Names.Select(static name => new SubjectScope(OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle)))).ToList();

        SubjectKind.All.ShouldAllBe(kind => all.Any(scope => kind.In(scope).Any()));
    }

    private static string Pascal(string snake) => string.Concat(snake.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
