using WebhookKit.Chaos.Faults;

namespace WebhookKit.Chaos.Tests.Faults;

public sealed class FaultPlanTests
{
    private static readonly Fault[] All = [.. FaultNames.All];

    [Fact]
    public void Make_SameSeed_RepeatsThePlan()
    {
        Assert.Equal(FaultPlan.Make(7, 100, 3, All), FaultPlan.Make(7, 100, 3, All));
        Assert.NotEqual(FaultPlan.Make(7, 100, 3, All), FaultPlan.Make(8, 100, 3, All));
    }

    [Fact]
    public void Make_ShortForm_HasEveryFaultOnce() =>
        Assert.Equal(All, FaultPlan.Make(1, All.Length, 2, All).Select(round => round.Fault).Order());

    [Fact]
    public void Make_LongForm_HasEnoughKillsAtEachPoint()
    {
        var plan = FaultPlan.Make(3, 260, 2, All);

        Assert.InRange(plan.Count(round => FaultNames.IsKill(round.Fault)), 200, 210);
        Assert.All(FaultNames.Kills, fault => Assert.InRange(plan.Count(round => round.Fault == fault), 38, 43));
        Assert.Equal([0, 1], plan.Select(round => round.Node).Distinct().Order());
    }

    [Theory]
    [InlineData("after-2xx", Fault.AfterAnswer)]
    [InlineData("database-crash", Fault.DatabaseCrash)]
    public void Find_Name_IsTheFault(string name, object fault) => Assert.Equal((Fault)fault, FaultNames.Find(name));

    [Fact]
    public void Find_OtherName_IsNone() => Assert.Null(FaultNames.Find("earthquake"));
}
