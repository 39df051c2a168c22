using WebhookKit.Retry;

namespace WebhookKit;

/// <summary>How the events of a source are handled that is answered before its handlers run.</summary>
public sealed class InboxOptions
{
    /// <summary>How many events of the source this process handles at the same time.</summary>
    /// <value>8 unless said otherwise; 1 to 500.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 500);
            field = value;
        }
    } = 8;

    /// <summary>When an event whose handler failed is handled again; then it is a dead letter.</summary>
    /// <value><see cref="RetrySchedule.Default"/> unless said otherwise: ten attempts over some three days.</value>
    public RetrySchedule RetrySchedule
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = RetrySchedule.Default;

    /// <summary>The JSON pointer (RFC 6901), within the event, of the member by which events keep their order.</summary>
    /// <remarks>
    /// Events with the same value are handled one after the other, in the order they came; one that fails holds up those
    /// behind it until it is handled or a dead letter. Events without the member wait for none.
    /// </remarks>
    /// <value>Null: in no order.</value>
    /// <exception cref="FormatException">The value is not a JSON pointer.</exception>
    public string? OrderingKeyPointer
    {
        get;
        set
        {
            if (value is not null)
            {
                _ = new Receiving.JsonPointer(value);
            }

            field = value;
        }
    }
}
