using Xunit.Sdk;

namespace WebhookKit.Architecture.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhookkit-snapshots-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Match_SameText_LeavesNothingReceived()
    {
        File.WriteAllText(Verified, "a\r\nb\n");
        File.WriteAllText(Received, "left over");

        new Snapshot(_folder, mayAccept: false).Match("sample", "a\nb\n");

        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("old\n")]
    public void Match_OtherText_FailsNamingBothFilesAndTheCure(string? reviewed)
    {
        if (reviewed is not null)
        {
            File.WriteAllText(Verified, reviewed);
        }

        var failure = Assert.ThrowsAny<XunitException>(() => new Snapshot(_folder, mayAccept: false).Match("sample", "new\n"));

        Assert.Contains($"cp '{Received}' '{Verified}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("+ new", failure.Message, StringComparison.Ordinal);
        Assert.Equal("new\n", File.ReadAllText(Received));
        Assert.Equal(reviewed is not null, File.Exists(Verified));
    }

    [Fact]
    public void Match_Accepting_OverwritesTheReviewedText()
    {
        File.WriteAllText(Verified, "old\n");

        new Snapshot(_folder, mayAccept: true).Match("sample", "new\n");

        Assert.Equal("new\n", File.ReadAllText(Verified));
        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData("1", null, true)]
    [InlineData("1", "false", true)]
    [InlineData("1", "true", false)]
    [InlineData("1", "True", false)]
    [InlineData(null, null, false)]
    [InlineData("0", null, false)]
    public void MayAccept_IsNeverTrueOnABuildServer(string? accept, string? ci, bool expected) =>
        Assert.Equal(expected, Snapshot.MayAccept(name => name == "CI" ? ci : accept));

    private string Verified => Path.Combine(_folder, "sample.verified.txt");

    private string Received => Path.Combine(_folder, "sample.received.txt");
}
