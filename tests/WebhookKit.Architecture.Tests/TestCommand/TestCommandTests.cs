using System.Runtime.Versioning;
using System.Security;

namespace WebhookKit.Architecture.Tests.TestCommand;

/// <summary>Runs eng/test.sh over made-up projects with a stand-in for dotnet, to see that it can fail.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TestCommandTests : IDisposable
{
    private const string StandIn = """
        #!/usr/bin/env bash
        [[ "$1" == build ]] && exit "$(cat build)"
        project="$(dirname "$2")" name="$(basename "$2" .csproj)"
        while [[ "$1" != --results-directory ]]; do shift; done
        [[ -f "$project/trx" ]] && cp "$project/trx" "$2/$name.trx"
        exit "$(cat "$project/code")"
        """;

    private const string NpmStandIn = """
        #!/usr/bin/env bash
        [[ "$1" == ci ]] && exit
        cat tests/interop/tap
        exit "$(cat tests/interop/code)"
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("webhookkit-testcommand-").FullName;

    public TestCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "eng"));
        File.Copy(Repository.PathOf("eng/test.sh"), Path.Combine(_root, "eng/test.sh"));
        Write("eng/allowed-skips.txt", "# none\n\nA.Tests.Explained # because\n");
        Write("build", "0");
        Program("bin/dotnet", StandIn);
        Program("bin/npm", NpmStandIn);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Run_EverythingPassed_SumsUpAllProjects()
    {
        Project("A.Tests", 0, ("A.Tests.One", "Passed"), ("A.Tests.Two(text: \"a > b\")", "Passed"));
        Project("B.Tests", 0, ("B.Tests.One", "Passed"));
        Write("tests/Suites/Suites.csproj", "");

        await AssertEndAsync(0, "3 passed, 0 failed, 0 skipped");
    }

    [Fact]
    public async Task Run_FailedTest_FailsNamingIt()
    {
        Project("A.Tests", 1, ("A.Tests.One", "Passed"), ("A.Tests.Two", "Failed"));
        Project("B.Tests", 0, ("B.Tests.One", "Passed"));

        Assert.Contains("FAILED: A.Tests.Two\n", await AssertEndAsync(1, "2 passed, 1 failed, 0 skipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoTestInAProject_Fails()
    {
        Project("A.Tests", 0, ("A.Tests.One", "Passed"));
        Project("B.Tests", 0);

        Assert.Contains("B.Tests ran no test", await AssertEndAsync(1, "1 passed, 1 failed, 0 skipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RunnerBrokeOff_Fails()
    {
        Project("A.Tests", 134, ("A.Tests.One", "Passed"));

        Assert.Contains("ended with 134", await AssertEndAsync(1, "1 passed, 1 failed, 0 skipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SkippedTest_FailsUnlessExplained()
    {
        Project("A.Tests", 0, ("A.Tests.One", "Passed"), ("A.Tests.Explained", "NotExecuted"));
        await AssertEndAsync(0, "1 passed, 0 failed, 1 skipped");

        Project("A.Tests", 0, ("A.Tests.One", "Passed"), ("A.Tests.Forgotten", "NotExecuted"));
        Assert.Contains("A.Tests.Forgotten was skipped", await AssertEndAsync(1, "1 passed, 1 failed, 1 skipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NodeTests_AreCountedToo()
    {
        Project("A.Tests", 0, ("A.Tests.One", "Passed"));
        Interop(1, "ok 1 - one", "    ok 1 - a step of two", "not ok 2 - two", "ok 3 - three # SKIP not now", "# fail 1");

        var output = await AssertEndAsync(1, "2 passed, 2 failed, 1 skipped");

        Assert.Contains("FAILED: interop: two\n", output, StringComparison.Ordinal);
        Assert.Contains("FAILED: interop: three was skipped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoNodeTest_Fails()
    {
        Project("A.Tests", 0, ("A.Tests.One", "Passed"));
        Interop(0, "1..0");

        Assert.Contains("interop ran no test", await AssertEndAsync(1, "1 passed, 1 failed, 0 skipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BuildFailed_FailsAtOnce()
    {
        Write("build", "1");
        Project("A.Tests", 0, ("A.Tests.One", "Passed"));

        await AssertEndAsync(1, "0 passed, 1 failed, 0 skipped");
    }

    private async Task<string> AssertEndAsync(int exitCode, string lastLine)
    {
        var path = $"{Path.Combine(_root, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        var command = await Command.RunAsync(Path.GetTempPath(), "bash", [Path.Combine(_root, "eng/test.sh")], path);

        Assert.Equal(lastLine, command.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(exitCode, command.ExitCode);
        return command.Output;
    }

    private void Project(string name, int exitCode, params (string Test, string Outcome)[] results)
    {
        var lines = results.Select(result =>
            $"""<UnitTestResult testId="1" testName="{SecurityElement.Escape(result.Test)}" duration="0" outcome="{result.Outcome}" />""");
        Write($"tests/{name}/{name}.csproj", "");
        Write($"tests/{name}/code", $"{exitCode}");
        Write($"tests/{name}/trx", $"<TestRun><Results>{string.Join('\n', lines)}</Results></TestRun>");
    }

    private void Interop(int exitCode, params string[] tap)
    {
        Write("tests/interop/package.json", "{}");
        Write("tests/interop/code", $"{exitCode}");
        Write("tests/interop/tap", string.Join('\n', tap) + "\n");
    }

    private void Program(string path, string text)
    {
        Write(path, text);
        File.SetUnixFileMode(Path.Combine(_root, path), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text.ReplaceLineEndings("\n"));
    }
}
