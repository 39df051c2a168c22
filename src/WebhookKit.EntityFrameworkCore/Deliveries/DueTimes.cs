using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Writes the due times of a batch of retries, each its own, as one expression: a CASE over their ids.</summary>
internal static class DueTimes
{
    // Every count would be a query of its own to compile and cache, so that batches are filled up to one of few.
    private const int Grain = 10;

    public static Expression<Func<DeliveryEntity, DateTimeOffset>> Of(IReadOnlyList<DeliveryCompletion> retries, DateTimeOffset now)
    {
        var delivery = Expression.Parameter(typeof(DeliveryEntity), "delivery");
        var id = Expression.Property(delivery, nameof(DeliveryEntity.Id));
        var count = (retries.Count + Grain - 1) / Grain * Grain;
        Expression due = Expression.Property(delivery, nameof(DeliveryEntity.DueAt));
        for (var i = 0; i < count; i++)
        {
            var retry = retries[Math.Min(i, retries.Count - 1)];
            due = Expression.Condition(
                Expression.Equal(id, Parameter(retry.Delivery.Id)), Parameter(now + retry.NextAttemptIn), due);
        }

        return Expression.Lambda<Func<DeliveryEntity, DateTimeOffset>>(due, delivery);
    }

    private static MethodCallExpression Parameter<T>(T value) =>
        Expression.Call(typeof(EF), nameof(EF.Parameter), [typeof(T)], Expression.Constant(value));
}
