using RolloutTrace.Viewer.Page;

namespace RolloutTrace.Viewer.Tests.Page;

public class ModuleLinkerTests
{
    private static readonly string[] Lists = ["modules.txt", "list.txt", "compare.txt"];

    [Fact]
    public void Each_module_of_the_pages_imports_what_its_list_says_and_the_lists_have_all()
    {
        var list = Lists.SelectMany(static name => ModuleLinker.Parse(PageSources.Read(name))).ToList();

        foreach (var (name, imports) in list)
        {
            ModuleLinker.ImportsOf(PageSources.Read(name + ".js")).ShouldBe(imports, ignoreOrder: true, $"what {name} imports");
        }

        typeof(PageSources).Assembly.GetManifestResourceNames().Where(static name => name.EndsWith(".js", StringComparison.Ordinal))
            .ShouldBe(list.Select(static module => module.Name + ".js").Distinct(), ignoreOrder: true);
    }

    [Fact]
    public void No_module_is_longer_than_a_reader_can_live_in()
    {
        foreach (var (name, _) in Lists.SelectMany(static list => ModuleLinker.Parse(PageSources.Read(list))))
        {
            PageSources.Read(name + ".js").Split('\n').Length.ShouldBeLessThan(340, name);
        }
    }

    [Fact]
    public void Modules_become_functions_that_give_what_they_export()
    {
        var script = Link("a:\nb: a", a: "const hidden = 1;\nexport function one() { return hidden; }\nexport const two = 2;\n", b: "import { one, two } from './a.js';\none();\n");

        script.ShouldBe("""
            'use strict';
            (() => {
            const $a = (() => {
            const hidden = 1;
            function one() { return hidden; }
            const two = 2;
            return { one, two };
            })();
            const $b = (() => {
            const { one, two } = $a;
            one();
            return {  };
            })();
            })();

            """);
    }

    [Theory]
    [InlineData("a:\nb:", "import { one } from './a.js';\n", "b: imports a, which the list does not allow")]
    [InlineData("a:\nb: a", "import { three } from './a.js';\n", "b: a does not export three")]
    [InlineData("b: a\na:", "import { one } from './a.js';\n", "b: a does not stand before it in the list")]
    [InlineData("a:\nb: a", "import * as a from './a.js';\n", "b: import * as a from './a.js';: no form that is known")]
    [InlineData("a:\nb:", "export default 1;\n", "b: export default 1;: no form that is known")]
    [InlineData("a:\nb:", "  export { x };\n", "b: export { x };: no form that is known")]
    public void What_the_linker_does_not_know_is_refused(string list, string b, string problem) =>
        Should.Throw<InvalidOperationException>(() => Link(list, "export function one() {}\n", b)).Message.ShouldBe(problem);

    private static string Link(string list, string a, string b) => ModuleLinker.Link(list, name => name == "a" ? a : b);
}
