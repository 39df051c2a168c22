using WebhookKit.Testing;

namespace WebhookKit.Tests.Verification;

/// <summary>Published examples, and those that <c>catalogue.mjs</c> computes for every entry of the catalogue.</summary>
public class OpenVectorTests
{
    private static readonly Dictionary<string, SignatureVector> Vectors =
        Read("open.json").Concat(Read("catalogue.json")).ToDictionary(vector => vector.Id);

    public static TheoryData<string> Ids => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Judge_Vector_AgreesWithIt(string id)
    {
        var verdict = await VectorJudge.JudgeAsync(Vectors[id], CancellationToken.None);

        Assert.True(verdict.Agrees, verdict.ToString());
    }

    [Theory]
    [InlineData("sw-official-sym~many", "invalid")]
    [InlineData("sw-official-sym~secretbadrot", "invalid")]
    [InlineData("cat-mandrill-untyped", "valid")]
    [InlineData("cat-twilio-untyped", "valid")]
    [InlineData("cat-mailgun-untyped-form", "valid")]
    [InlineData("cat-github-case", "invalid")]
    [InlineData("cat-standard-webhooks-webhook-stop", "invalid")]
    public async Task Judge_WhereVectorsLeaveAChoice_DecidesAsDocumented(string id, string decision)
    {
        var verdict = await VectorJudge.JudgeAsync(Vectors[id], CancellationToken.None);

        Assert.False(verdict.Vector.IsBinding);
        Assert.Equal(decision, verdict.Got);
    }

    [Fact]
    public void Vectors_OfTheCatalogue_AreOfEveryEntry()
    {
        var asked = Vectors.Values.Select(vector => vector.EntryName).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(WebhookProviders.All.Select(provider => provider.Name).Except(asked, StringComparer.Ordinal));
    }

    private static IReadOnlyList<SignatureVector> Read(string file) =>
        SignatureVector.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
}
