using System.Data.Common;
using WebhookKit.Dispatch;

namespace WebhookKit.Sender.Tests.Dispatch;

public sealed class BisectionTests
{
    [Theory]
    [InlineData(1, new int[0])]
    [InlineData(50, new[] { 0 })]
    [InlineData(50, new[] { 49 })]
    [InlineData(50, new[] { 3, 4, 31 })]
    [InlineData(7, new[] { 1, 3, 5 })]
    [InlineData(500, new[] { 0 })]
    [InlineData(500, new[] { 499 })]
    public void Bisection_BadRows_AreFoundAndAllOthersWritten(int count, int[] bad)
    {
        var (written, rejected, gaveUp) = Run(count, bad.Contains);

        Assert.False(gaveUp);
        Assert.Equal(bad, rejected.Order());
        Assert.Equal(Enumerable.Range(0, count).Except(bad), written.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(500)]
    public void Bisection_NothingCanBeWritten_GivesUpEarlyInsteadOfBlamingRows(int count)
    {
        var (written, _, gaveUp) = Run(count, _ => true, out var calls);

        Assert.True(gaveUp);
        Assert.Empty(written);
        Assert.InRange(calls, 1, 8);
    }

    [Fact]
    public void Bisection_StoreInTroubleThatTakesSomeRows_GivesUpInsteadOfBlamingTheOthers()
    {
        var (written, rejected, gaveUp) = Run(50, row => row is 3 or 11 or 20, new InvalidOperationException("wrapped", new PassingTrouble()));

        Assert.True(gaveUp);
        Assert.Empty(rejected);
        Assert.NotEmpty(written);
    }

    [Fact]
    public void Bisection_PassingTroubleOfAWholeBatch_IsOverWhenItsPartsAreWritten()
    {
        var bisection = new Bisection<int>([1, 2, 3, 4]);
        Assert.True(bisection.TryTake(out var all));
        Assert.False(bisection.Failed(all, new PassingTrouble()));
        while (bisection.TryTake(out _))
        {
            bisection.Succeeded();
        }

        Assert.Empty(bisection.Rejected);
    }

    private static (List<int> Written, List<int> Rejected, bool GaveUp) Run(int count, Func<int, bool> isBad, Exception? failure = null) =>
        Run(count, isBad, out _, failure);

    private static (List<int> Written, List<int> Rejected, bool GaveUp) Run(int count, Func<int, bool> isBad, out int calls, Exception? failure = null)
    {
        calls = 0;
        var written = new List<int>();
        var bisection = new Bisection<int>(Enumerable.Range(0, count).ToArray());
        var gaveUp = false;
        while (!gaveUp && bisection.TryTake(out var part))
        {
            calls++;
            if (part.Any(isBad))
            {
                gaveUp = bisection.Failed(part, failure ?? new InvalidOperationException());
            }
            else
            {
                bisection.Succeeded();
                written.AddRange(part);
            }
        }

        return (written, bisection.Rejected.Select(rejected => rejected.Item).ToList(), gaveUp);
    }

    private sealed class PassingTrouble : DbException
    {
        public override bool IsTransient => true;
    }
}
