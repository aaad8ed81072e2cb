"""What mutators put into documents, in each language."""

SENTENCES = {
    "en": {
        "short": "More soon.",
        "plain": "The work goes on while the shop is open and people come in.",
        "amount": "This alone comes to {amount} over the year.",
        "day": "Everything has to be ready on {day} at the latest.",
        "channel": "A good part of it comes from {channel} in the first weeks.",
        "reach": "For questions about this please ask {data} at any time.",
        "established": "All of this is done before you open the doors.",
        "starting": "Your regulars already know this very well.",
        "has_budget": "We can say more once the budget is known.",
        "no_budget": "The budget of 1,000 is enough for this.",
        "heading": "What you can do with the money and when",
        "hard": "Organisational interdependencies necessitate multidimensional communication architectures incorporating institutionalised "
        "stakeholder participation, sustainability considerations, internationalisation capabilities and methodological diversification, "
        "notwithstanding operational inefficiencies characterising contemporary administrative infrastructures, professional "
        "qualification requirements and intergovernmental harmonisation initiatives.",
    },
    "fr": {
        "short": "À suivre.",
        "plain": "Le travail avance pendant que la boutique est ouverte et que les gens entrent.",
        "amount": "Cela seul fait {amount} sur toute une année.",
        "day": "Tout doit être prêt pour le {day} au plus tard.",
        "channel": "Une bonne part vient de {channel} dans les premières semaines.",
        "reach": "Pour toute question à ce sujet, demandez {data} quand vous voulez.",
        "established": "Tout cela est fait avant votre ouverture.",
        "starting": "Vos habitués le savent déjà très bien.",
        "has_budget": "Nous en dirons plus une fois le budget connu.",
        "no_budget": "Le budget de 1 000 suffit pour cela.",
        "heading": "Ce que vous pouvez faire avec cet argent",
        "hard": "L’institutionnalisation organisationnelle présuppose l’opérationnalisation multidimensionnelle des interdépendances "
        "communicationnelles, nonobstant l’hétérogénéité caractéristique des infrastructures administratives contemporaines, "
        "l’internationalisation différenciée des responsabilités méthodologiques et la complexification systématique des "
        "réglementations professionnelles intergouvernementales insuffisamment harmonisées.",
    },
    "es": {
        "short": "Continuará.",
        "plain": "El trabajo sigue mientras los demás descansan y la gente pasea por ahí.",
        "amount": "Esto solo supone {amount} en todo el año.",
        "day": "Todo tiene que estar listo para el {day} como tarde.",
        "channel": "Una buena parte llega por {channel} en las primeras semanas.",
        "reach": "Para cualquier pregunta sobre esto, consulte a {data} cuando quiera.",
        "established": "Todo esto se hace antes de su apertura.",
        "starting": "Sus clientes habituales ya lo saben muy bien.",
        "has_budget": "Diremos más una vez conocido el presupuesto.",
        "no_budget": "El presupuesto de 1.000 basta para esto.",
        "heading": "Qué puede hacer usted con este dinero",
        "hard": "La institucionalización organizacional presupone la operacionalización multidimensional de interdependencias "
        "comunicacionales, independientemente de la heterogeneidad característica de infraestructuras administrativas contemporáneas, "
        "la internacionalización diferenciada de responsabilidades metodológicas y la complejización sistemática de reglamentaciones "
        "profesionales intergubernamentales insuficientemente armonizadas.",
    },
}

FOREIGN = {
    "en": (
        "We will show the new products to people who have never heard of them.",
        "What you see here is the first thing that they will ask for.",
        "This is how we know which of them should be given more time.",
    ),
    "fr": (
        "Nous montrons les nouveaux produits à des gens qui ne les connaissent pas.",
        "Voici ce que vous pouvez faire avec les clients qui sont déjà venus.",
        "Il ne faut pas attendre pour leur dire ce que la maison propose.",
    ),
    "es": (
        "Mostramos los productos nuevos a las personas que no los conocen todavía.",
        "Esto es lo que puede hacer con los clientes que ya han venido.",
        "No hay que esperar para decirles lo que la casa ofrece.",
    ),
}
