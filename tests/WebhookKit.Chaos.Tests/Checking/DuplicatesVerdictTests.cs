using WebhookKit.Chaos.Duplicates;

namespace WebhookKit.Chaos.Tests.Checking;

public sealed class DuplicatesVerdictTests
{
    private static readonly DuplicatesVerdict Nothing = new()
    {
        Store = "sqlite",
        HandOver = "inline",
        Requests = 0,
        Repeats = 0,
        Kills = 0,
        KillsPerPoint = new Dictionary<string, int>(),
        ClaimKeys = 0,
        Effects = 0,
        Lost = 0,
        Doubled = 0,
        Phantom = 0,
        Seconds = 0,
        Seed = 0,
    };

    [Theory]
    [InlineData("1 2 2", "1 2", 0, 0, 0)]
    [InlineData("1 2 2", "1", 1, 0, 0)]
    [InlineData("1 2 2", "1 2 2 2", 0, 2, 0)]
    [InlineData("1 2 2", "1 2 3 3", 0, 0, 2)]
    public void Judge_EffectsAgainstWhatWasSent_CountsWhatIsWrong(string sent, string effects, int lost, int doubled, int phantom)
    {
        var verdict = Nothing.Judge(Parse(sent), Parse(effects));

        Assert.Equal((2, lost, doubled, phantom), (verdict.ClaimKeys, verdict.Lost, verdict.Doubled, verdict.Phantom));
        Assert.Equal(lost + doubled + phantom == 0, verdict.IsGood);
    }

    private static IEnumerable<PlannedRequest> Parse(string numbers) =>
        numbers.Split(' ').Select(number => new PlannedRequest("one", int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)));
}
