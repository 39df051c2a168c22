using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Dispatch;

/// <summary>Fans out apart what could not be together: a bad message holds up none but those that keep their order behind it, until it is skipped.</summary>
/// <param name="fanOut">Fans messages out together, the deliveries of the one named as skipped ones, and says how many were taken.</param>
/// <param name="timeProvider">The time.</param>
/// <param name="logger">Is told what is rejected.</param>
internal sealed class RejectedMessages(
    Func<IReadOnlyList<WebhookMessage>, MessageId?, CancellationToken, ValueTask<int>> fanOut, TimeProvider timeProvider, ILogger logger)
{
    // What failed alone while others did not may have met a passing fault: not skipped the first time.
    private const int TimesToReject = 3;

    // While others go on, rounds follow each other within milliseconds: those count as one time.
    private static readonly TimeSpan TimeApart = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<MessageId, Rejection> _rejected = [];

    /// <summary>Everything was fanned out: what was rejected before is no longer there.</summary>
    public void Forget() => _rejected.Clear();

    /// <summary>Fans out what can be of a batch that failed.</summary>
    /// <param name="messages">From the front of the outbox, in its order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether anything was taken.</returns>
    public async ValueTask<bool> FanOutApartAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        var bisection = new Bisection<MessageLine>(MessageLine.Divide(messages));
        Exception? gaveUp = null;
        while (gaveUp is null && bisection.TryTake(out var part))
        {
            try
            {
                await FanOutAsync(part, bisection, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                gaveUp = bisection.Failed(part, exception) ? exception : null;
            }
        }

        if (gaveUp is not null && Bisection<MessageLine>.IsPassing(gaveUp))
        {
            ExceptionDispatchInfo.Throw(gaveUp);
        }

        var isSkipped = false;
        foreach (var (line, exception) in bisection.Rejected)
        {
            isSkipped |= await RejectAsync(line, exception, bisection.AnySucceeded, cancellationToken).ConfigureAwait(false);
        }

        gaveUp ??= bisection.Rejected is [var (_, failure), ..] ? failure : null;
        if (gaveUp is not null && !bisection.AnySucceeded && !isSkipped)
        {
            ExceptionDispatchInfo.Throw(gaveUp);
        }

        return bisection.AnySucceeded || isSkipped;
    }

    private async ValueTask FanOutAsync(
        ArraySegment<MessageLine> part, Bisection<MessageLine> bisection, CancellationToken cancellationToken)
    {
        if (part is [var line])
        {
            await FanOutLineAsync(line, bisection, cancellationToken).ConfigureAwait(false);
        }
        else if (await fanOut([.. part.SelectMany(line => line.Waiting)], null, cancellationToken).ConfigureAwait(false) > 0)
        {
            bisection.Succeeded();
        }
    }

    // None may be fanned out before those ahead of it: what fails in the end is the first that waits.
    private async ValueTask FanOutLineAsync(MessageLine line, Bisection<MessageLine> bisection, CancellationToken cancellationToken)
    {
        var count = line.Count;
        while (line.Count > 0)
        {
            try
            {
                WebhookMessage[] first = [.. line.Waiting.Take(count)];
                var taken = await fanOut(first, null, cancellationToken).ConfigureAwait(false);
                if (taken > 0)
                {
                    bisection.Succeeded();
                }

                if (taken < first.Length)
                {
                    // Another node works on them; whether it has taken those ahead is not known here.
                    return;
                }

                line.Took(taken);
            }
            catch (Exception) when (count > 1 && !cancellationToken.IsCancellationRequested)
            {
                count /= 2;
            }
        }
    }

    private async ValueTask<bool> RejectAsync(MessageLine line, Exception exception, bool isToBlame, CancellationToken cancellationToken)
    {
        if (!isToBlame && line.Count == 1)
        {
            // Only beside others can it be seen that the message is at fault, not the store.
            return false;
        }

        var message = line.First;
        var rejection = _rejected.GetValueOrDefault(message.Id);
        if (isToBlame && !rejection.IsTold)
        {
            logger.MessageRejected(exception, message.Id);
        }

        rejection = rejection with { IsTold = rejection.IsTold || isToBlame };
        var isCounted = rejection.Times == 0 || timeProvider.GetElapsedTime(rejection.CountedAt) >= TimeApart;
        if (isCounted)
        {
            rejection = rejection with { Times = rejection.Times + 1, CountedAt = timeProvider.GetTimestamp() };
        }

        _rejected[message.Id] = rejection;
        return isCounted && rejection.Times % TimesToReject == 0
            && await SkipAsync([.. line.Waiting.Take(isToBlame ? 1 : 2)], rejection.Times, cancellationToken).ConfigureAwait(false);
    }

    // The first, beside the second where that is to show that the store is not away.
    private async ValueTask<bool> SkipAsync(WebhookMessage[] messages, int times, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await fanOut(messages, messages[0].Id, cancellationToken).ConfigureAwait(false);
            if (taken == messages.Length)
            {
                _rejected.Remove(messages[0].Id);
                logger.MessageSkipped(messages[0].Id, times);
            }

            return taken > 0;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Not even so: it stays in the outbox, where a person finds it.
            return false;
        }
    }

    private readonly record struct Rejection(int Times, long CountedAt, bool IsTold);
}
