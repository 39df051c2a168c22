using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Gives each row of a batch a value of its own in one statement of LINQ: a CASE over their keys.</summary>
internal static class ValueByKey
{
    /// <summary>So many rows fit into one statement.</summary>
    public const int MaxRows = 50;

    // Every count would be a query of its own to compile and cache, so that batches are filled up to one of few.
    private const int Grain = 10;

    /// <param name="key">The property that tells rows apart.</param>
    /// <param name="property">The property that gets the value; a row without one keeps what it has.</param>
    /// <param name="values">Keys and their values, at least one and at most <see cref="MaxRows"/>.</param>
    public static Expression<Func<TEntity, TValue>> Of<TEntity, TKey, TValue>(
        string key, string property, IReadOnlyList<(TKey Key, TValue Value)> values)
    {
        var row = Expression.Parameter(typeof(TEntity), "row");
        var count = (values.Count + Grain - 1) / Grain * Grain;
        Expression value = Expression.Property(row, property);
        for (var i = 0; i < count; i++)
        {
            var one = values[Math.Min(i, values.Count - 1)];
            value = Expression.Condition(
                Expression.Equal(Expression.Property(row, key), Parameter(one.Key)), Parameter(one.Value), value);
        }

        return Expression.Lambda<Func<TEntity, TValue>>(value, row);
    }

    private static MethodCallExpression Parameter<T>(T value) =>
        Expression.Call(typeof(EF), nameof(EF.Parameter), [typeof(T)], Expression.Constant(value, typeof(T)));
}
