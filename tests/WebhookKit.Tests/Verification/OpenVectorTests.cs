using WebhookKit.Testing;

namespace WebhookKit.Tests.Verification;

public class OpenVectorTests
{
    private static readonly Dictionary<string, SignatureVector> Vectors = SignatureVector
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json")))
        .ToDictionary(vector => vector.Id);

    public static TheoryData<string> Ids => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Judge_PublishedVector_AgreesWithIt(string id)
    {
        var verdict = await VectorJudge.JudgeAsync(Vectors[id], CancellationToken.None);

        Assert.True(verdict.Agrees, verdict.ToString());
    }
}
