using WebhookKit.PostgreSql.WakeUp;

namespace WebhookKit.PostgreSql.Tests.WakeUp;

public sealed class ReconnectPauseTests
{
    [Fact]
    public void Next_FailureAfterFailure_GrowsToTheLongestAndBeginsAgain()
    {
        var pause = new ReconnectPause(TimeProvider.System, new Random(7));
        for (var times = 0; times < 2; times++)
        {
            foreach (var most in new[] { 100, 200, 400, 800, 1_600, 3_200, 6_400 })
            {
                Assert.InRange(pause.Next().TotalMilliseconds, most / 2, most);
            }

            for (var failures = 0; failures < 1_000; failures++)
            {
                Assert.InRange(pause.Next(), WakeUpDefaults.MaxReconnectPause / 2, WakeUpDefaults.MaxReconnectPause);
            }

            pause.Reset();
        }
    }
}
